"""English texts of reports in another language: each is recognised by the message that made it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from hypercare.language.local_forms import LocalForms
from hypercare.language.message import PLACE, Message

_FIRST_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,.]*")
_BY_NUMBER = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_EDGES = re.compile(r"^(?P<before>[\s,.;:·–—|()„“\"-]*)(?P<core>.*?)(?P<after>[\s,.;:·–—|()“\"-]*)$", re.DOTALL)
# Where one text ends and another that was put behind it begins; after some of them it may be a mere name.
_JOINTS = (
    (re.compile(r"(?<![ (][A-Z][.?!])(?<=[\w)%][.?!])( )(?=[A-Z0-9])"), False),
    *((re.compile(f"({joint})"), False) for joint in ("; ", r" \| ", " · ", ": ")),
    (re.compile("(, )"), True),
)
# No initial of a name ends a sentence.
_JOINT_OF_SENTENCES = re.compile(r"(?<![ (][A-Z])(?<=[\w)%])[.?!](?: [A-Z]|$)|; ")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_WITHIN = (". ", " · ", " | ")
_BEGINS_A_DATE = re.compile(r"(?:[A-Z][a-z]{2,8},? )?\d{1,2} [A-Z][a-z]{2}|\d\d:\d\d")
_BEGINS_WITH_JOINT = re.compile(r"[,.;:·–—|][\s,.;:·–—|]*")
_WITH_REMARK = re.compile(r"(?P<said>[^()]+) \((?P<remark>[^()]*)\)")
_NUMBERED = re.compile(r"(?P<number>\d[\d,.]*) (?P<words>[a-z].*)")
_LISTED = re.compile(r"(, | and )")
# A text longer than any message of ours was not made by one.
_LONGEST = 3_000
# Of fewer letters of its own a message fits too much: "{} and {}" may be a customer's name.
_SAYS_ENOUGH = 8
_LONGEST_NAME = 3
_DEEPEST = 6


class Translator:
    """Translates into one language by a catalogue of messages; what it does not know it leaves as it is."""

    def __init__(self, language: str, messages: Iterable[Message]) -> None:
        self._forms = LocalForms(language)
        self._exact: dict[str, Message] = {}
        self._by_word: dict[str, list[Message]] = defaultdict(list)
        told = [message for message in messages if message.text]
        often: dict[str, int] = defaultdict(int)
        for message in told:
            for word in message.words:
                often[word] += 1
        for message in map(_without_edges, told):
            self._exact[message.text] = message
            # A message all of whose words may stand otherwise of one thing is looked for by none of them.
            rarest = min(message.words, key=lambda word: (often[word], word), default="")
            if message.names:
                self._by_word[rarest].append(message)
        self._phrase = lru_cache(maxsize=20_000)(self._looked_up)
        # Parts of a text are met again and again while it is taken apart.
        self._known = lru_cache(maxsize=50_000)(self._translated)

    def text(self, text: str) -> str:
        """A text in the language, or as it is where nothing in it is known."""
        if len(text) > _LONGEST or not text.strip():
            return text
        return self._any(text, is_one=False, depth=0) or text

    def knows(self, text: str) -> bool:
        """Whether a text is one of the messages, a number or a date, or made of nothing else."""
        return self._any(text, is_one=False, depth=0) is not None

    def _any(self, text: str, *, is_one: bool, depth: int) -> str | None:
        """A text with what may stand around it; None where nothing of it is known."""
        core = text.strip()
        if depth > _DEEPEST or not core:
            return None
        translation = self._known(core, is_one, depth)
        return None if translation is None else text.replace(core, translation, 1)

    def _translated(self, core: str, is_one: bool, depth: int) -> str | None:
        joint = _BEGINS_WITH_JOINT.match(core)
        if joint is not None:
            rest = self._any(core[joint.end() :], is_one=is_one, depth=depth)
            return None if rest is None else joint[0] + rest
        translation = self._phrase(core, is_one, depth)
        if translation is None:
            edges = _EDGES.match(core)
            if edges is not None and edges["core"] not in ("", core):
                inner = self._phrase(edges["core"], is_one, depth)
                translation = None if inner is None else f"{edges['before']}{inner}{edges['after']}"
        translation = translation or self._joined(core, is_one=is_one, depth=depth)
        return translation or self._made_by(core, is_one=is_one, depth=depth, of_sentences=True)

    def _looked_up(self, core: str, is_one: bool, depth: int) -> str | None:
        number = _FIRST_NUMBER.search(core)
        is_one = number[0].rstrip(",.") == "1" if number else is_one
        exact = self._as_it_stands(core, is_one=is_one)
        made = exact or self._made_by(core, is_one=is_one, depth=depth)
        if made is None and core.endswith("."):
            made = self._made_by(core[:-1], is_one=is_one, depth=depth)
            return None if made is None else f"{made}."
        return made

    def _as_it_stands(self, core: str, *, is_one: bool) -> str | None:
        """A message without places, a number, a date, or a number of something, also with another mark at its end."""
        bare = core.rstrip(".?:")
        mark = core[len(bare) :]
        for ending in dict.fromkeys((mark, "", ".")):
            exact = self._exact.get(f"{bare}{ending}")
            if exact is not None:
                return _in_number(exact.translation, is_one=is_one).removesuffix(ending) + mark
        translation = self._forms.of(bare) or self._counted(bare, is_one=is_one)
        return None if translation is None else f"{translation}{mark}"

    def _made_by(self, core: str, *, is_one: bool, depth: int, of_sentences: bool = False) -> str | None:
        """What a message with open places made of a text. A value is of several sentences only where that is asked."""
        number = _FIRST_NUMBER.search(core)
        is_one = number[0].rstrip(",.") == "1" if number else is_one
        is_joined = _JOINT_OF_SENTENCES.search(_IN_BRACKETS.sub("()", core).rstrip(".?!")) is not None
        for message in _fitting(core, self._by_word):
            values = message.values_in(core)
            if values is None or any(one.endswith(".") for one in values.values()):
                continue
            is_several = is_joined and any(_JOINT_OF_SENTENCES.search(one) for one in values.values())
            if is_several and not (of_sentences or message.is_label or message.is_of_sentences):
                continue
            values = self._parted(message, values, depth=depth)
            seconds = {second for _, second in message.adjacent}
            translated = {
                name: self._behind(value, depth=depth)
                if name in seconds
                else self._value(value, is_one=is_one, depth=depth)
                for name, value in values.items()
            }
            if message.letters < _SAYS_ENOUGH and not _is_all_ours(message, values, translated):
                continue
            filled = {
                name: values[name] if translation is None else translation for name, translation in translated.items()
            }
            return _filled(_in_number(message.translation, is_one=is_one), filled)
        return None

    def _parted(self, message: Message, values: Mapping[str, str], *, depth: int) -> Mapping[str, str]:
        """Values of places with nothing between them: the second begins with the first word that says so."""
        parted = dict(values)
        for first, second in message.adjacent:
            both = parted[first] + parted[second]
            starts = [found.start() for found in re.finditer(r"[ ,;]", both)]
            at = next((at for at in starts if self._behind(both[at:], depth=depth)), len(both))
            parted[first], parted[second] = both[:at], both[at:]
        return parted

    def _behind(self, text: str, *, depth: int) -> str | None:
        """What is put behind a value, as " by Anna" or ", which was late"; None where no such thing begins here."""
        joint = next((one for one in (", ", "; ", " ") if text.startswith(one)), "")
        core = text[len(joint) :]
        for message in _fitting(core, self._by_word):
            values = message.values_in(core) if message.text[0] not in "{" else None
            if values is not None:
                told = {name: self._value(value, is_one=False, depth=depth + 1) for name, value in values.items()}
                filled = {
                    name: values[name] if translation is None else translation for name, translation in told.items()
                }
                return joint + _filled(_in_number(message.translation, is_one=False), filled)
        return None

    def _counted(self, core: str, *, is_one: bool) -> str | None:
        """A number with what is counted: "12 hold"."""
        found = _NUMBERED.fullmatch(core)
        translation = self._exact.get(found["words"]) if found else None
        if found is None or translation is None:
            return None
        return f"{self._forms.of(found['number'])} {_in_number(translation.translation, is_one=is_one)}"

    def _value(self, value: str, *, is_one: bool, depth: int) -> str | None:
        """What stands at a place: a number, a date or another message; a single name is somebody's own word."""
        if not value:
            return value
        if " " in value.strip():
            return self._any(value, is_one=is_one, depth=depth + 1)
        form = self._forms.of(value.strip())
        if form is not None:
            return value.replace(value.strip(), form, 1)
        exact = self._exact.get(value.strip())
        if exact is None or not value.strip().islower():
            return None
        return value.replace(value.strip(), _in_number(exact.translation, is_one=is_one), 1)

    def _joined(self, core: str, *, is_one: bool, depth: int) -> str | None:
        """Texts that were put one behind the other, each by itself."""
        remark = _WITH_REMARK.fullmatch(core)
        if remark is not None:
            said = self._any(remark["said"], is_one=is_one, depth=depth + 1)
            told = self._any(remark["remark"], is_one=is_one, depth=depth + 1)
            if said or told:
                return f"{said or remark['said']} ({told or remark['remark']})"
        for joint, may_be_name in _JOINTS:
            pieces = joint.split(core)
            if len(pieces) > 1:
                told_pieces = [self._any(piece, is_one=is_one, depth=depth + 1) for piece in pieces[::2]]
                translation = [one for one, told in zip(pieces[::2], told_pieces, strict=True) if told is not None]
                if any(" " in one or not may_be_name for one in translation):
                    pieces[::2] = [told or one for one, told in zip(pieces[::2], told_pieces, strict=True)]
                    return "".join(pieces)
        return self._list(core, is_one=is_one, depth=depth)

    def _list(self, core: str, *, is_one: bool, depth: int) -> str | None:
        """ "a, b and c", where each of them is known."""
        pieces = _LISTED.split(core)
        if len(pieces) < 3:
            return None
        told = [self._any(piece, is_one=is_one, depth=depth + 1) for piece in pieces[::2]]
        if any(translation is None for translation in told):
            return None
        between = [gap if gap == ", " else self._exact_or(gap) for gap in pieces[1::2]]
        return "".join(
            f"{one}{gap}" for one, gap in zip([str(translation) for translation in told], [*between, ""], strict=True)
        )

    def _exact_or(self, gap: str) -> str:
        translation = self._exact.get(gap.strip())
        return f" {translation.translation} " if translation else gap


def _without_edges(message: Message) -> Message:
    """A part that is put behind others, without what joins it to them: text is taken apart there."""
    for joint in ("; ", ", ", "· "):
        if message.text.startswith(joint) and message.translation.startswith(joint):
            return Message(message.text[len(joint) :], message.translation[len(joint) :])
    return message


def _fitting(core: str, messages: Mapping[str, Sequence[Message]]) -> Sequence[Message]:
    """Messages whose words are all in the text: the one that says most first."""
    words = {"", *_WORD.findall(core)}
    found = {id(one): one for word in words for one in messages.get(word, ()) if one.words <= words}
    return sorted(found.values(), key=lambda one: (-one.weight, -len(one.names)))


def _filled(translation: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: values[place[1]], translation)


def _in_number(translation: str, *, is_one: bool) -> str:
    return _BY_NUMBER.sub(lambda either: either[1] if is_one else either[2], translation)


def _is_all_ours(message: Message, values: Mapping[str, str], translated: Mapping[str, str | None]) -> bool:
    """Whether in a message of few words stands what we said, or a name behind a number or a word of ours."""
    first = next(iter(values.values()), "")
    before_names = message.text[0].isupper() or _is_number(first) or any(map(_BEGINS_A_DATE.match, values.values()))
    return all(
        not any(joint in _IN_BRACKETS.sub("()", values[name]) for joint in _WITHIN)
        and (
            translation is not None
            or _is_number(values[name])
            or (before_names and len(values[name].split()) <= _LONGEST_NAME)
        )
        for name, translation in translated.items()
    )


@cache
def _is_number(value: str) -> bool:
    return bool(value) and all(character in "0123456789.,:%+- " for character in value)
