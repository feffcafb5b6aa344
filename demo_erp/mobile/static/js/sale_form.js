// The form for a new sale: lines without a reload, customers found while typing, and no sale lost without a network.

import { askApi, Unreachable } from "./connection.js";
import { forgetDraft } from "./drafts.js";
import { handIn } from "./outbox.js";

const byName = (form, name) => [...form.querySelectorAll(`[name=${name}]`)];

function newReference() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `phone-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function addLine(form) {
  const lines = form.querySelector("#sale-lines");
  const line = lines.firstElementChild.cloneNode(true);
  const place = lines.children.length + 1;
  line.setAttribute("aria-label", `Line ${place}`);
  for (const label of line.querySelectorAll("label")) {
    const field = line.querySelector(`#${label.htmlFor}`);
    field.id = label.htmlFor = label.htmlFor.replace(/\d+$/, place);
    field.value = { product: "", quantity: "1", discount: "0" }[field.name];
  }
  lines.append(line);
  line.querySelector("select").focus();
}

async function findCustomers(form, text) {
  const select = form.querySelector("#customer");
  const { status, body } = await askApi("GET", `/customers?limit=50&q=${encodeURIComponent(text)}`);
  if (status !== 200 || form.querySelector("#customer-search").value !== text) return;
  const chosen = select.selectedOptions[0];
  const options = body.items.map((customer) => new Option(customer.name, customer.id));
  const keep = chosen?.value && !options.some((option) => option.value === chosen.value) ? [chosen] : [];
  select.replaceChildren(new Option("Choose a customer", ""), ...keep, ...options);
  if (chosen?.value) select.value = chosen.value;
  else if (text && options.length === 1) select.value = options[0].value;
}

function readEntry(form) {
  const [quantities, discounts] = [byName(form, "quantity"), byName(form, "discount")];
  const lines = byName(form, "product").map((product, place) => ({
    product_id: Number(product.value),
    quantity: quantities[place].value.trim().replace(",", "."),
    discount_percent: discounts[place].value.trim().replace(",", "."),
  }));
  const customer = form.querySelector("#customer").selectedOptions[0];
  return {
    reference: newReference(),
    customerId: Number(customer?.value),
    customerName: customer?.textContent ?? "",
    kind: form.querySelector("[name=kind]:checked").value,
    lines: lines.filter((line) => line.product_id),
    note: form.querySelector("#note").value.trim(),
  };
}

function problemWith(entry) {
  const isNumber = (text) => /^\d{1,6}(\.\d{1,2})?$/.test(text);
  if (!entry.customerId) return "Please choose a customer.";
  if (!entry.lines.length) return "Please choose a product for at least one line.";
  if (!entry.lines.every((line) => isNumber(line.quantity))) return "The quantity must be a number such as 1.5.";
  if (!entry.lines.every((line) => isNumber(line.discount_percent))) return "The discount must be a number such as 10.";
  return "";
}

function showProblem(text) {
  const place = document.getElementById("form-problem");
  place.hidden = !text;
  place.textContent = text;
  if (text) place.scrollIntoView({ block: "center" });
}

function clear(form) {
  form.reset();
  for (const line of [...form.querySelectorAll("#sale-lines > *")].slice(1)) line.remove();
  document.getElementById("outbox").scrollIntoView({ block: "center" });
}

async function save(form) {
  const entry = readEntry(form);
  const problem = problemWith(entry);
  showProblem(problem);
  if (problem) return;
  const draft = await handIn(entry);
  if (draft.state === "sent") {
    await forgetDraft(draft.reference); // its own page is shown next, that is word enough
    location.assign(`/m/sales/${draft.saleId}?done=saved`);
  } else if (draft.state === "refused") {
    await forgetDraft(draft.reference);
    showProblem(draft.problem.charAt(0).toUpperCase() + draft.problem.slice(1));
  } else {
    clear(form);
  }
}

export function wireSaleForm(form) {
  let timer = 0;
  form.querySelector("#add-line").addEventListener("click", (event) => {
    event.preventDefault();
    addLine(form);
  });
  form.querySelector("#customer-search").addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      findCustomers(form, target.value).catch((problem) => {
        if (!(problem instanceof Unreachable)) throw problem; // offline: the list that came with the page stays
      });
    }, 250);
  });
  form.addEventListener("submit", (event) => {
    // A new customer needs the network: that form goes to the server as it is.
    if (form.querySelector("#new-name").value.trim()) return;
    event.preventDefault();
    const button = form.querySelector("[value=save]");
    if (button.disabled) return;
    button.disabled = true;
    save(form).finally(() => (button.disabled = false));
  });
}
