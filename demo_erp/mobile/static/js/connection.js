// Whether the system can be reached, and whether it still works with this version of the app.

export const APP_VERSION = "1.4.0";

export class Unreachable extends Error {}

// Asks the API. Answers {status, body}; throws Unreachable when no answer came.
export async function askApi(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    throw new Unreachable();
  }
  if (response.status >= 502) throw new Unreachable(); // a gateway or the database rests: as good as no network
  const text = await response.text();
  try {
    return { status: response.status, body: text ? JSON.parse(text) : null };
  } catch {
    return { status: response.status, body: null };
  }
}

export function showConnection(reachable) {
  document.getElementById("connection").hidden = reachable;
}

// Says at the start which version this is; an app that is too old says so to its user.
export async function shakeHands() {
  try {
    const { status, body } = await askApi("GET", `/mobile/handshake?app_version=${APP_VERSION}`);
    showConnection(true);
    if (status !== 200) return;
    document.documentElement.dataset.apiVersion = body.api_version;
    document.getElementById("update-needed").hidden = body.supported;
  } catch (problem) {
    if (!(problem instanceof Unreachable)) throw problem;
    showConnection(false);
  }
}
