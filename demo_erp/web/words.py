"""What the pages call things, and in which tone a state is shown."""

from __future__ import annotations

STATE_TONES = {
    "draft": "warn",
    "final": "good",
    "void": "bad",
    "open": "info",
    "in_progress": "accent",
    "started": "accent",
    "done": "good",
    "cancelled": "bad",
    "new": "info",
    "acknowledged": "warn",
    "resolved": "good",
    "high": "warn",
    "critical": "bad",
}
CATEGORIES = {"question": "Question", "error": "Error", "training": "Training", "wish": "Wish"}
ACTIONS = {
    "login": "Logged in",
    "logout": "Logged out",
    "export": "Exported sales",
    "sale.create": "Created a sale",
    "sale.change": "Changed a draft",
    "sale.finalise": "Finalised a sale",
    "sale.void": "Voided a sale",
    "sale.delete": "Deleted a draft",
    "step.assign": "Assigned a step",
    "step.start": "Started a step",
    "step.finish": "Finished a step",
    "cost.enter": "Entered a cost",
    "customer.create": "Added a customer",
    "issue.report": "Reported an issue",
    "issue.respond": "Responded to an issue",
    "issue.resolve": "Resolved an issue",
    "user.unlock": "Unlocked an account",
    "user.disable": "Disabled an account",
    "user.enable": "Enabled an account",
    "day_sheet.hand_in": "Handed in the day sheet",
}
# Codes that a redirect carries in "?done=", so that no text can be put into a page by its address.
DONE = {
    "saved": "The draft was saved.",
    "line-added": "The line was added.",
    "line-removed": "The line was removed.",
    "finalised": "The sale was finalised.",
    "voided": "The sale was voided and the money given back.",
    "deleted": "The draft was deleted.",
    "assigned": "The step was assigned.",
    "started": "The step was started.",
    "finished": "The step was finished.",
    "cost": "The cost was entered.",
    "unlocked": "The account was unlocked.",
    "disabled": "The account was disabled.",
    "enabled": "The account was enabled.",
    "reported": "Thank you. The issue was reported.",
    "responded": "Your response was recorded.",
    "resolved": "The issue was resolved.",
    "logged-out": "You are logged out.",
}
LOGIN_PROBLEMS = {
    "unknown_user": "The username or password is wrong.",
    "wrong_password": "The username or password is wrong.",
    "locked": "This account is locked after too many wrong passwords. Try again in 15 minutes, or ask your "
    "administrator.",
    "disabled": "This account is disabled. Please ask your administrator.",
}


def word(text: str | None) -> str:
    """A stored name as people read it: "in_progress" is "In progress"."""
    return (text or "").replace("_", " ").capitalize()


def state_tone(state: str) -> str:
    return STATE_TONES.get(state, "")


def category_word(category: str | None) -> str:
    return CATEGORIES.get(category or "", "Not classed yet")


def action_word(action: str) -> str:
    """The sentence for an action of the activity log; an unknown one is spelt out."""
    return ACTIONS.get(action) or word(action.replace(".", " "))


def choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Stored names with their words, for a select."""
    return [(value, word(value)) for value in values]
