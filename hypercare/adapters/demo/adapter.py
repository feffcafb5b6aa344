"""The adapter of the embedded system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercare.target_file.adapter_defaults import defaults_of
from hypercare.target_file.business_terms import Task

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.clients.client import ApiDoor, Door
    from hypercare.mobile.phone import Phone
    from hypercare.web.web import Web

_ROLES = {
    Task.SELL: ("sales", "manager"),
    Task.PRODUCE: ("production", "manager"),
    Task.UNDO: ("manager", "administrator"),
}


class DemoAdapter:
    """Doors are imported when they are asked for: an API check starts no browser."""

    name = "demo"

    def defaults(self) -> dict[str, Any]:
        return defaults_of(self.name)

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return _ROLES[task]

    def api_door(self, api: Api) -> ApiDoor:
        from hypercare.adapters.demo.api_door import DemoApiDoor

        return DemoApiDoor(api)

    def web_door(self, web: Web) -> Door:
        from hypercare.adapters.demo.web_door import DemoWebDoor

        return DemoWebDoor(web)

    def mobile_door(self, phone: Phone) -> Door:
        from hypercare.adapters.demo.mobile_door import DemoMobileDoor

        return DemoMobileDoor(phone)
