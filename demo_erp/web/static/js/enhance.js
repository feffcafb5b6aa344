// Comfort for people at a desk. Every page works without it.

const money = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function number(text) {
  const value = Number(String(text).replace(",", "."));
  return Number.isFinite(value) ? value : 0;
}

// The total of a new sale while it is typed; the server works it out for good.
function showEstimate() {
  const output = document.getElementById("estimate");
  if (!output) return;
  let total = 0;
  for (const row of document.querySelectorAll("#sale-lines .line-row")) {
    const price = number(row.querySelector("select").selectedOptions[0]?.dataset.price ?? 0);
    const quantity = number(row.querySelector("[name=quantity]").value);
    const discount = number(row.querySelector("[name=discount]").value);
    total += Math.round(price * quantity * (100 - discount)) / 100;
  }
  output.value = total ? output.dataset.format.replace("0.00", money.format(total)) : "–";
}

// A second click must not send a form twice. Going back in the browser makes the buttons usable again.
function guardAgainstDoubleSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
}

function forgetSubmits() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

// Some browser extensions leave style attributes on fields. htmx would copy them to the new ones, which the content
// policy refuses with a complaint; the pages themselves have none.
function dropForeignStyles() {
  for (const element of document.querySelectorAll("main [style]")) element.removeAttribute("style");
}

document.documentElement.classList.add("scripted");
document.addEventListener("input", showEstimate);
document.addEventListener("htmx:before:swap", dropForeignStyles);
document.addEventListener("htmx:after:swap", showEstimate);
document.addEventListener("submit", guardAgainstDoubleSubmit);
window.addEventListener("pageshow", forgetSubmits);
showEstimate();
