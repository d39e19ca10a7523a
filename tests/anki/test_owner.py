"""A bridge from its owner's whole collection contains what learners have, and not a byte of anything else."""

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions

from cuedeck.package.contents import DATABASE
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from tests.anki.learner import by_guid, collection, faults, schedules, study_all, take
from tests.making import DAY, FIRST, cloze, deck, question, write
from tests.running import run

pytestmark = pytest.mark.slow

TITLE = "Compiler Design"
SUBDECK = f"{TITLE}::Lexing"
# Everything private contains this word, so that it can be searched for. Nothing else may contain it.
MARKER = "secret"
USED = {"a.png": b"a picture", "sound of it.mp3": b"a sound", "_style.css": b".x { color: red }"}
PRIVATE = {"data.png": b"a secret picture", "_secret.js": b"secret", "secret of it.mp3": b"secret"}
INTERVAL = 321


@dataclass(frozen=True)
class Owned:
    """What an owner has: files to adopt from, the package that learners have, and what nobody else may get.

    `guids` are those of the notes in the learners' deck, `private` the ids and guids of everything else.
    """

    packages: Mapping[str, Path]
    handed_out: Path
    guids: tuple[str, ...]
    private: tuple[int | str, ...]


def add(owner: Collection, kind: str, deck: str, *fields: str, tags: tuple[str, ...] = ()) -> Any:
    note = owner.new_note(owner.models.by_name(kind))
    note.fields[: len(fields)] = fields
    note.tags = list(tags)
    owner.add_note(note, owner.decks.id(deck))
    return note


def make_deck(owner: Collection) -> list[Any]:
    """Make the deck that learners have; return its notes."""
    for name, data in USED.items():
        owner.media.write_data(name, data)
    kind = owner.models.by_name("Basic")
    kind["css"] += '@import url("_style.css");'
    owner.models.update_dict(kind)
    notes = [
        add(owner, "Basic", TITLE, "What is a token?", '<img src="a.png">', tags=("lexing",)),
        add(owner, "Basic", SUBDECK, "What is a lexer?", "[sound:sound of it.mp3]"),
        add(owner, "Basic (and reversed card)", TITLE, "First phase", "Lexing"),
        add(owner, "Cloze", TITLE, "A {{c1::parser}} comes {{c2::next}}."),
    ]
    about = owner.decks.by_name(TITLE)
    about["desc"] = "All about compilers."
    owner.decks.save(about)
    owner.db.execute("update notes set mod = ?", FIRST)
    return notes


def make_private(owner: Collection) -> list[int | str]:
    """Make everything that is private to the owner; return the ids and guids of it."""
    for name, data in PRIVATE.items():
        owner.media.write_data(name, data)
    kind = owner.models.copy(owner.models.by_name("Basic"))
    kind |= {"name": "My secret type", "css": '@import url("_secret.js")'}
    owner.models.update_dict(kind)
    fields = ("My secret", '<img src="data.png"> [sound:secret of it.mp3]')
    diary = add(owner, "My secret type", "Secret diary::Of mine", *fields, tags=("secret::tag",))
    same_type = add(owner, "Basic", "Secret diary", "Another secret", "Of mine")
    about = owner.decks.by_name("Secret diary")
    about["desc"] = "My secret description"
    owner.decks.save(about)
    owner.decks.id("An empty secret deck")
    owner.set_config("secret_addon", {"key": "My secret key"})
    decks = [
        owner.decks.id_for_name(name) for name in ("Secret diary", "Secret diary::Of mine", "An empty secret deck")
    ]
    cards = [*diary.card_ids(), *same_type.card_ids()]
    return [kind["id"], diary.id, same_type.id, diary.guid, same_type.guid, *decks, *cards]


def mark(owner: Collection, notes: list[Any]) -> int:
    """Study the deck and leave the owner's traces on all its parts; return the id of the options."""
    study_all(owner)
    token, lexer, phase, parser = notes
    for tag in ("leech", "marked"):
        owner.tags.bulk_add([token.id, phase.id], tag)
    owner.db.execute("update cards set ivl = ?, due = ?, lapses = 7 where nid = ?", INTERVAL, INTERVAL, token.id)
    card = token.cards()[0]
    card.custom_data = '{"secret":"custom"}'
    owner.update_card(card)
    owner.set_user_flag_for_cards(3, [card.id])
    owner.sched.suspend_cards(lexer.card_ids())
    owner.sched.bury_cards(phase.card_ids()[:1])
    filtered = owner.decks.get(owner.decks.new_filtered("Secret filtered"))
    filtered |= {"terms": [[f"nid:{parser.id}", 100, 0]], "resched": True}
    owner.decks.save(filtered)
    owner.sched.schedule_cards_as_new(parser.card_ids()[:1])
    owner.sched.rebuild_filtered_deck(filtered["id"])
    options = owner.decks.add_config("My secret options")
    options["new"]["delays"] = [7, 77, 777]
    owner.decks.save(options)
    about = owner.decks.by_name(TITLE)
    about |= {"conf": options["id"], "secretAddon": "secret"}
    owner.decks.save(about)
    for kind in map(owner.models.get, {note.mid for note in notes}):
        kind |= {"secretAddon": {"a": "secret"}}
        kind["flds"][0] |= {"secretAddon": "secret"}
        kind["tmpls"][0] |= {"secretAddon": "secret", "did": owner.decks.id("Secret diary")}
        owner.models.update_dict(kind)
    owner.db.execute("update notes set mod = ?", FIRST)
    return int(options["id"])


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Owned:
    """An owner's files: the whole collection, and all decks as a package, both exported for older versions of Anki."""
    folder = tmp_path_factory.mktemp("owner")
    paths = {name: folder / f"me.{name}" for name in ("apkg", "colpkg")}
    plain = ExportAnkiPackageOptions(with_media=True, legacy=True)
    everything = ExportAnkiPackageOptions(with_media=True, legacy=True, with_scheduling=True, with_deck_configs=True)
    with collection(folder / "profile") as owner:
        notes = make_deck(owner)
        handed_out = folder / "handed-out.apkg"
        limit = DeckIdLimit(owner.decks.id(TITLE))
        owner.export_anki_package(out_path=str(handed_out), options=plain, limit=limit)
        private = make_private(owner)
        private.append(mark(owner, notes))
        assert len(owner.db.list("select distinct queue from cards")) >= 4
        owner.export_anki_package(out_path=str(paths["apkg"]), options=everything, limit=None)
        owner.export_collection_package(str(paths["colpkg"]), include_media=True, legacy=True)
    return Owned(paths, handed_out, tuple(note.guid for note in notes), tuple(private))


@pytest.fixture(params=["apkg", "colpkg"])
def adopted(request: pytest.FixtureRequest, owned: Owned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Adopt the deck from one of the owner's files, with the command in the refusal; return what that printed."""
    token, lexer, phase, parser = owned.guids
    notes = {
        "token": question("What is a token?", "A word of the source.", guid=token),
        "lexer": question("What is a lexer?", "What makes tokens.", guid=lexer),
        "phase": question("What comes first?", "Lexing", guid=phase, reverse="true"),
        "parser": cloze("A {{c1::parser}} comes {{c2::next}}, as ever.", guid=parser),
    }
    write(tmp_path, deck({**notes, "new": question()}, title=TITLE, sources={}))
    monkeypatch.chdir(tmp_path)
    path = owned.packages[request.param].as_posix()
    refused = run("adopt", path)
    assert refused.exit_code == 1
    assert f"{TITLE} (4)" in refused.stderr
    assert refused.stderr.endswith(f'    cuedeck adopt {path} --deck "{TITLE}"\n')
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["cards.yaml"]
    assert not Path("decks").exists()
    done = run("adopt", path, "--deck", TITLE)
    assert done.exit_code == 0, done.stderr
    return done.output


@pytest.mark.parametrize("name", ["Default", "5 $ `für` Übung 🦉!", "A::B::It's one"])
def test_a_deck_of_any_name_can_be_named(tmp_path: Path, name: str) -> None:
    """Upper and lower case do not matter, and newcomers find its cards in it."""
    with collection(tmp_path / "profile") as owner:
        note = add(owner, "Basic", name, "Q", "A")
        add(owner, "Basic", "Secret diary", "Q", "A")
        owner.db.execute("update notes set mod = ?", FIRST)
        options = ExportAnkiPackageOptions(with_media=True, legacy=True)
        owner.export_anki_package(out_path=str(tmp_path / "me.apkg"), options=options, limit=None)
    cards = write(tmp_path / "ours", deck({"one": question(guid=note.guid)}, sources={}))
    with pytest.raises(Problems, match="several-decks"):
        adopt(tmp_path / "me.apkg", cards)
    packages = adopt(tmp_path / "me.apkg", cards, FIRST + DAY, [name.upper()]).packages
    assert f'"{name}"' in cards.with_name("cards.lock").read_text(encoding="utf-8")
    with collection(tmp_path / "newcomer") as newcomer:
        for path in packages:
            take(newcomer, path)
        found = newcomer.decks.id_for_name(name)
        assert newcomer.decks.card_count(found, include_subdecks=False) == newcomer.card_count() == 1
        assert newcomer.decks.id_for_name("Secret diary") is None
        assert faults(newcomer) == ""


@pytest.mark.parametrize("kind", ["apkg", "colpkg"])
def test_the_owners_files_contain_what_is_looked_for(owned: Owned, kind: str) -> None:
    """Otherwise it would prove nothing not to find it."""
    with zipfile.ZipFile(owned.packages[kind]) as package:
        data = b"".join(map(package.read, package.namelist()))
        database = package.read("collection.anki21")
    words = ("diary", "type", "options", "description", "Filtered", "Addon", "tag", "picture", "key", "custom")
    missing = [word for word in words if not re.search(rb"(?i)secret.{0,9}" + word.encode(), data)]
    assert missing == {"apkg": ["key"], "colpkg": []}[kind]
    if kind == "colpkg":
        assert [each for each in owned.private if isinstance(each, str) and each.encode() not in data] == []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        assert INTERVAL in {ivl for (ivl,) in connection.execute("select ivl from cards")}
        assert len(connection.execute("select distinct queue from cards").fetchall()) >= 3
        assert connection.execute("select count() from cards where odid").fetchone() == (2,)
        assert connection.execute("select count() from cards where flags").fetchone() == (1,)
        assert connection.execute("select count() from revlog").fetchone() > (0,)


def bridges() -> list[Path]:
    return sorted(Path("decks").iterdir())


def everything_written() -> Iterator[tuple[str, bytes]]:
    """Yield all files that a command wrote, and the files inside them, by name."""
    for path in (*bridges(), Path("cards.lock")):
        data = path.read_bytes()
        yield path.name, data
        if path.suffix == ".apkg":
            with zipfile.ZipFile(BytesIO(data)) as package:
                yield from ((f"{path.name}/{name}", package.read(name)) for name in package.namelist())


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as connection, zipfile.ZipFile(path) as package:
        connection.deserialize(package.read(DATABASE))
        return connection.execute(query).fetchall()


def test_not_a_byte_of_the_owners_is_handed_out(owned: Owned, adopted: str) -> None:
    """No private text, name, file, id or guid is in the bridges, in the lock, or in what the command prints."""
    assert [path.name for path in bridges()] == ["small-bridge-1.apkg", "small-bridge-2.apkg"]
    words = [MARKER, *PRIVATE, *map(str, owned.private)]
    numbers = [number.to_bytes(6, "big") for number in owned.private if isinstance(number, int)]
    for name, data in (*everything_written(), ("what it prints", adopted.encode())):
        found = [word for word in words if word.lower().encode() in data.lower()]
        assert (name, found) == (name, [])
        assert (name, [number for number in numbers if number in data]) == (name, [])
    ((left_out, kind),) = re.findall(r"left out of the bridge, which is named below: (.*) of \S*/me\.(\w+) ", adopted)
    decks = {"apkg": 3, "colpkg": 4}  # Anki leaves empty decks out of packages
    assert left_out == f"2 notes, {decks[kind]} decks and 3 media files"


def test_no_trace_of_study_is_handed_out(owned: Owned, adopted: str) -> None:
    """All cards are new, none was ever reviewed, and options and settings are the default ones."""
    for path in bridges():
        rest = "usn, type, queue, ivl, factor, reps, lapses, left, odue, odid, flags, data"
        assert rows(path, f"select distinct {rest} from cards") == [(*[0] * 11, "")]
        assert rows(path, "select due from cards order by due") == [(number,) for number in range(1, 7)]
        assert rows(path, "select distinct c.mod, n.mod, n.flags, n.data from cards c, notes n") == [
            (FIRST, FIRST, 0, "")
        ]
        assert {tags for (tags,) in rows(path, "select tags from notes")} == {" lexing ", ""}
        assert rows(path, "select (select count() from revlog), (select count() from graves)") == [(0, 0)]
        ((crt, usn, ls, tags, options, decks),) = rows(path, "select crt, usn, ls, tags, dconf, decks from col")
        assert (crt, usn, ls, tags, list(json.loads(options))) == (1411124400, 0, 0, "{}", ["1"])
        assert {(each["name"], each["conf"]) for each in json.loads(decks).values()} == {
            ("Default", 1),
            (TITLE, 1),
            (SUBDECK, 1),
        }


def test_learners_of_the_deck_go_over(owned: Owned, adopted: str, tmp_path: Path) -> None:
    """Every card keeps its schedule, and the next build arrives on every note."""
    with collection(tmp_path / "learner") as learner:
        take(learner, owned.handed_out)
        study_all(learner)
        learner.fix_integrity()  # it may add the time of an answer between two seconds
        before, decks = schedules(learner), learner.decks.all_names()
        assert len(before) == 6
        for path in bridges():
            assert take(learner, path) == {"duplicate": 4}
        assert (schedules(learner), learner.decks.all_names()) == (before, decks)
        package = build(Path("cards.yaml"), at=FIRST + 2 * DAY).package
        assert take(learner, package, merge_notetypes=True) == {"updated": 4, "new": 1}
        assert take(learner, package) == {"duplicate": 5}
        assert {card: schedule for card, schedule in schedules(learner).items() if card in before} == before
        assert by_guid(learner, owned.guids[1])["Answer"] == "What makes tokens."
        assert learner.decks.all_names() == decks
        assert faults(learner) == ""


def test_newcomers_get_only_new_cards_of_the_deck(owned: Owned, adopted: str, tmp_path: Path) -> None:
    """They get its media and description, too, but nothing private, even with every option ticked."""
    with collection(tmp_path / "newcomer") as newcomer:
        first, second = bridges()
        assert take(newcomer, first, with_scheduling=True, with_deck_configs=True) == {"new": 4}
        assert take(newcomer, second, with_scheduling=True, with_deck_configs=True) == {"duplicate": 4}
        assert newcomer.decks.all_names() == [TITLE, SUBDECK, "Default"]
        assert newcomer.decks.by_name(TITLE)["desc"] == "All about compilers."
        assert [config["name"] for config in newcomer.decks.all_config()] == ["Default"]
        assert {schedule[:2] for schedule in schedules(newcomer).values()} == {(0, 0)}
        assert len(newcomer.find_cards(f'deck:"{TITLE}" is:new')) == newcomer.card_count() == 6
        assert newcomer.tags.all() == ["lexing"]
        assert {path.name: path.read_bytes() for path in Path(newcomer.media.dir()).iterdir()} == USED
        assert faults(newcomer) == ""
        package = build(Path("cards.yaml"), at=FIRST + 2 * DAY).package
        assert take(newcomer, package, merge_notetypes=True) == {"updated": 4, "new": 1}
        assert faults(newcomer) == ""
