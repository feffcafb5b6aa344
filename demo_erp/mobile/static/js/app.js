// The start of every page: service worker, handshake, drafts that wait.

import { shakeHands, showConnection } from "./connection.js";
import { empty, rememberUser } from "./outbox.js";
import { wireSaleForm } from "./sale_form.js";

const KEPT_PAGES = "pages";

// Keeps the form for a new sale, so that it opens without a network even if it was never opened before.
async function keepSaleForm() {
  if (!("caches" in window) || !document.body.dataset.sells || sessionStorage.getItem("form-kept")) return;
  const response = await fetch("/m/sales/new");
  if (!response.ok || response.redirected) return;
  await (await caches.open(KEPT_PAGES)).put("/m/sales/new", response);
  sessionStorage.setItem("form-kept", "yes");
}

async function start() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).catch(() => {});
  showConnection(navigator.onLine);
  rememberUser();
  const form = document.getElementById("sale-form");
  if (form) wireSaleForm(form);
  addEventListener("online", () => empty());
  addEventListener("offline", () => showConnection(false));
  await shakeHands();
  await empty();
  if (navigator.onLine) await keepSaleForm().catch(() => {});
}

start();
