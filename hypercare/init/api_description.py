"""What an API says of itself: OpenAPI (or Swagger) as JSON or YAML, or GraphQL by introspection."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from hypercare.extras import install
from hypercare.init.api_operations import operations_of, resolved
from hypercare.init.api_verbs import proposed_rest
from hypercare.init.graphql_operations import INTROSPECTION, graphql_operations
from hypercare.init.names import load_vocabulary, table_says, tokens_of
from hypercare.init.rest_proposal import RestProposal
from hypercare.outcome.redaction import bare_address

if TYPE_CHECKING:
    import httpx

_LOG = logging.getLogger(__name__)
_SECONDS = 10
_MOST = 12
_USUAL_PLACES = ("openapi.json", "swagger.json", "openapi.yaml", "v3/api-docs", "api-docs", "api/openapi.json")
_HEALTH = {"health", "healthz", "ping", "status", "version", "ready", "alive", "heartbeat", "info"}
_LISTED_ENTITIES = ("sale", "production_order", "product", "customer", "branch", "payment", "step", "issue", "user")
# How a description that is written in YAML begins.
_IN_YAML = re.compile(r"^(?:openapi|swagger)\s*:", re.MULTILINE)


class NoDescription(Exception):
    """Nothing there describes an API; the message is one line."""


@dataclass(frozen=True)
class EndpointProposal:
    name: str
    path: str
    sure: float
    why: str
    method: str = "GET"
    body: dict[str, Any] | None = None
    expect: dict[str, Any] = field(default_factory=dict)
    needs_log_in: bool = False
    held_back: str = ""


@dataclass(frozen=True)
class ApiProposal:
    url: str
    why: str
    endpoints: tuple[EndpointProposal, ...] = ()
    rest: RestProposal | None = None


def described(place: str) -> ApiProposal:
    """What is proposed for an API whose description, or whose own address, is given as a file or a URL.

    Raises:
        NoDescription: the file cannot be read, or is none.
    """
    if "://" not in place:
        try:
            document = _parsed(Path(place).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise NoDescription(f"{place} cannot be read: {error}") from None
        if not isinstance(document, dict):
            raise NoDescription(f"{place} describes no API")
        return _of_document(document, place, "")
    return _at(place)


def _at(url: str) -> ApiProposal:
    document = _fetched(url)
    if _describes(document):
        return _of_document(document, url, url)
    for base in (url.rstrip("/") + "/", f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/"):
        for place in _USUAL_PLACES:
            document = _fetched(urljoin(base, place))
            if _describes(document):
                return _of_document(document, urljoin(base, place), url)
    for place in dict.fromkeys((url, url.rstrip("/") + "/graphql")):
        schema = _introspected(place)
        if schema is not None:
            return _of_graphql(schema, place)
    return ApiProposal(url, "as given; it does not describe itself, so name its endpoints by hand")


def _describes(document: Any) -> bool:
    return isinstance(document, dict) and ("openapi" in document or "swagger" in document) and "paths" in document


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError:
        raise NoDescription(f"it is not JSON, and nothing here reads YAML: {install('yaml')}") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _fetched(url: str) -> Any:
    import httpx

    try:
        answer = _sent("GET", url, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    if answer.status_code != 200 or "html" in answer.headers.get("content-type", ""):
        return None
    try:
        return _parsed(answer.text)
    except NoDescription:
        if _IN_YAML.search(answer.text):
            raise
        return None


def _sent(method: str, url: str, **more: Any) -> httpx.Response:
    import httpx

    started, came = time.perf_counter(), "no answer"
    try:
        answer = httpx.request(method, url, timeout=_SECONDS, **more)
        came = str(answer.status_code)
        return answer
    finally:
        _LOG.debug("%s %s: %s in %.0f ms", method, bare_address(url), came, (time.perf_counter() - started) * 1000)


def _introspected(url: str) -> Mapping[str, Any] | None:
    answer = _graphql_data(url, INTROSPECTION)
    schema = answer.get("__schema") if isinstance(answer, dict) else None
    return schema if isinstance(schema, dict) else None


def _graphql_data(url: str, query: str) -> Any:
    import httpx

    try:
        answer = _sent("POST", url, json={"query": query})
        result = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return result.get("data") if isinstance(result, dict) and not result.get("errors") else None


def _of_document(document: Mapping[str, Any], place: str, url: str) -> ApiProposal:
    if not _describes(document):
        schema = (document.get("data") or document).get("__schema")
        if isinstance(schema, dict):
            return _of_graphql(schema, url or "https://erp.example.com/graphql")
        raise NoDescription(f"{place} describes no API")
    base = _base(document, place, url)
    found = sorted(_endpoints(document), key=lambda one: -one.sure)[:_MOST]
    if url:
        found = [_tried(base, one) for one in found]
    rest = proposed_rest(operations_of(document), _schemes(document))
    return ApiProposal(base, f"from its description {place}", tuple(found), rest)


def _schemes(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Ways to say who asks: ("key", header) and ("basic", "") need no log-in of their own, ("bearer", "") a token."""
    declared = (document.get("components") or {}).get("securitySchemes") or document.get("securityDefinitions") or {}
    found = []
    for scheme in (resolved(document, one) for one in declared.values()):
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            found.append(("key", str(scheme.get("name"))))
        elif scheme.get("type") == "basic" or str(scheme.get("scheme")).lower() == "basic":
            found.append(("basic", ""))
        elif str(scheme.get("scheme")).lower() == "bearer" or scheme.get("type") in {"oauth2", "openIdConnect"}:
            found.append(("bearer", ""))
    return found


def _tried(base: str, one: EndpointProposal) -> EndpointProposal:
    """Ask it once, without a log-in, since descriptions often forget to say who may."""
    import httpx

    try:
        status = _sent("GET", base.rstrip("/") + one.path).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return replace(one, held_back="it did not answer")
    if status in {401, 403}:
        return replace(one, needs_log_in=True, held_back="it needs a log-in: name the role of one of [[accounts]]")
    return one if status == 200 else replace(one, held_back=f"it answered {status}")


def _base(document: Mapping[str, Any], place: str, url: str) -> str:
    servers = document.get("servers") or []
    address = servers[0].get("url", "") if servers and isinstance(servers[0], dict) else ""
    if "host" in document:
        scheme = (document.get("schemes") or ["https"])[0]
        address = f"{scheme}://{document['host']}{document.get('basePath', '')}"
    if "://" in address:
        return str(address)
    if url:
        # A description that names no server is meant from where it lies.
        origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        return urljoin(origin + "/", str(address)) if address else (origin if "://" in place else url)
    return urljoin("https://erp.example.com/", str(address))


def _endpoints(document: Mapping[str, Any]) -> Iterator[EndpointProposal]:
    for path, verbs in document["paths"].items():
        get = verbs.get("get") if isinstance(verbs, dict) else None
        if not isinstance(get, dict) or "{" in path or _asks_for_more(document, verbs, get):
            continue
        name, sure, why = _judged(path)
        if sure < 0.3:
            continue
        guarded = bool(get.get("security", document.get("security")))
        held_back = "it needs a log-in: name the role of one of [[accounts]]" if guarded else ""
        yield EndpointProposal(
            name, path, sure, why, expect=_expected(document, get), needs_log_in=guarded, held_back=held_back
        )


def _asks_for_more(document: Mapping[str, Any], verbs: Mapping[str, Any], get: Mapping[str, Any]) -> bool:
    parameters = [resolved(document, one) for one in (*(verbs.get("parameters") or ()), *(get.get("parameters") or ()))]
    return any(one.get("required") and one.get("in") in {"query", "header"} for one in parameters)


def _judged(path: str) -> tuple[str, float, str]:
    last = [part for part in path.split("/") if part][-1:] or ["root"]
    name = " ".join(tokens_of(last[0])) or last[0]
    if set(tokens_of(last[0])) & _HEALTH:
        return name, 0.95, "it tells whether the system is well"
    best = max(((table_says(last[0], load_vocabulary().entities[e]), e) for e in _LISTED_ENTITIES), default=(0.0, ""))
    return name, 0.9 * best[0], f"its name is that of {best[1].replace('_', ' ')} records"


def _expected(document: Mapping[str, Any], get: Mapping[str, Any]) -> dict[str, Any]:
    answers = get.get("responses") or {}
    answer = resolved(document, answers.get("200") or answers.get(200) or {})
    content = answer.get("content") or {}
    schema = (content.get("application/json") or {}).get("schema") or answer.get("schema") or {}
    schema = resolved(document, schema)
    if schema.get("type") == "array":
        return {"": "<list>"}
    properties = {name: resolved(document, one) for name, one in (schema.get("properties") or {}).items()}
    lists = [name for name, one in properties.items() if one.get("type") == "array"]
    return dict.fromkeys(lists[:2], "<list>")


def _of_graphql(schema: Mapping[str, Any], url: str) -> ApiProposal:
    types = {one["name"]: one for one in schema.get("types") or ()}
    root = types.get((schema.get("queryType") or {}).get("name", "Query"), {})
    found = [
        EndpointProposal(
            "graphql", "", 0.95, "it answers at all", "POST", {"query": "{ __typename }"}, {"data.__typename": "<text>"}
        )
    ]
    for one in root.get("fields") or ():
        if any((arg.get("type") or {}).get("kind") == "NON_NULL" for arg in one.get("args") or ()):
            continue
        kind, name = _unwrapped(one.get("type") or {})
        fit = max(table_says(one["name"], load_vocabulary().entities[e]) for e in _LISTED_ENTITIES)
        plain = _first_scalar(types.get(name, {}))
        if kind != "LIST" or fit < 0.4 or plain is None:
            continue
        query = f"{{ {one['name']} {{ {plain} }} }}"
        held_back = "" if _graphql_data(url, query) is not None else "it does not answer without a log-in: name a role"
        found.append(
            EndpointProposal(
                " ".join(tokens_of(one["name"])),
                "",
                0.9 * fit,
                "a list of the query type",
                "POST",
                {"query": query},
                {f"data.{one['name']}": "<list>"},
                bool(held_back),
                held_back,
            )
        )
    rest = proposed_rest(graphql_operations(schema))
    rest.own["graphql_path"] = ""
    rest.settle()
    return ApiProposal(url, "GraphQL, by introspection", tuple(found[:_MOST]), rest)


def _unwrapped(kind: Mapping[str, Any]) -> tuple[str, str]:
    """ "LIST" or not, and the name of what it holds."""
    shape = "ONE"
    while kind:
        if kind.get("kind") == "LIST":
            shape = "LIST"
        if kind.get("name"):
            return shape, str(kind["name"])
        kind = kind.get("ofType") or {}
    return shape, ""


def _first_scalar(kind: Mapping[str, Any]) -> str | None:
    names = [one["name"] for one in kind.get("fields") or () if not one.get("args")]
    return "id" if "id" in names else names[0] if names else None
