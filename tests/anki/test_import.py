"""What is imported shows the same words on every card, as Anki's own renderer shows them."""

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cuedeck.importing.reading import Wanted
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.importing import Options, import_deck
from cuedeck.usecases.rehearse import rehearse
from tests.anki.learner import by_guid, collection, shown, take
from tests.making import DAY, FIRST
from tests.needing import needed
from tests.pictures import drawing, mp3

if TYPE_CHECKING:
    from anki.collection import Collection

pytestmark = [pytest.mark.slow, pytest.mark.needs("backports.zstd")]

# Notes of each stock type of Anki: the fields, the deck and the tags.
NOTES: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("Basic", ("What is <b>cool</b> about elephants?<br>Say it", "Their <i>long</i> trunks"), "Zoo", "animals Zoo::L1"),
    ("Basic", ("Which?<div><br></div><ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>", "Both"), "Zoo", ""),
    ("Basic", ('Which animal?<div><img src="pic.png"></div>', "An elephant [sound:hi.mp3]"), "Zoo::Pictures", ""),
    ("Basic", ("What is \\(x^2\\) and \\[y&lt;z\\]?", "H<sub>2</sub>O, <u>a*b</u> <code>c_d</code>"), "Zoo::Maths", ""),
    ("Basic", ("1. July &amp; 2 &lt; 3", "- [x](y) **no** _no_ ~~no~~ $5 #tag `c` C:\\new &amp;amp;"), "Zoo", ""),
    ("Basic", ("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>", "t"), "Zoo", "a:b"),
    (
        "Basic",
        ("<pre><code>def f(x):\n    return x &lt; 3 # *a*</code></pre>", "<code>a`b</code> <code> x </code>"),
        "Zoo",
        "",
    ),
    ("Basic", ("a<br><br><br>b<br>", "<div>c</div><div><br></div><div><br></div><div>d</div><br>"), "Zoo", ""),
    (
        "Basic",
        ("<b><i>x<u>y</u></i></b>z w<b>o</b>rd", "&nbsp;&nbsp;&mdash; b&hellip; &#8364; &lt;tag&gt; &quot;q&quot;"),
        "Zoo",
        "",
    ),
    ("Basic", ("\\(a_1\\)? {{field}} {x}", "{{c1::no}}"), "Zoo::Maths", ""),
    ("Basic", ("a<ul><li>1</li><ul><li>1.1</li></ul><li>2<ol><li>x</li><li>y</li></ol></li></ul>b", "u"), "Zoo", ""),
    ("Basic", ("<b>a</b> <b>b</b><br>1) one<br>- two<br># three<br>===<br>    four", "<p>a<p>b<hr>c"), "Zoo", ""),
    (
        "Basic",
        ('<img src="pic.png" alt="A *pic*" width="30%"> <span title="">it</span>', "5 &lt; 6 & 7 > 3"),
        "Zoo",
        "",
    ),
    ("Cloze", ("{{c1::outer {{c2::inner}} rest}} <b>{{c1::again}}</b> {{c3::\\(x\\)::<i>h</i>}}", ""), "Zoo", ""),
    ("Cloze", ("<div>{{c1::one</div><div>two}}</div> \\(y = {{c2::x^2}}\\)", "e"), "Zoo", ""),
    ("Basic (and reversed card)", ("der Elefant", "elephant"), "Zoo::Words", ""),
    ("Basic (optional reversed card)", ("das Nashorn", "rhino", "y"), "Zoo::Words", ""),
    ("Basic (optional reversed card)", ("der Affe", "ape", ""), "Zoo::Words", ""),
    ("Basic (type in the answer)", ("die Maus", "mouse"), "Zoo::Words", ""),
    ("Cloze", ("A {{c1::elephant::animal}} in a {{c2::zoo}}.<br>{{c1::H<sub>2</sub>O}}", "see <b>it</b>"), "Zoo", ""),
    (
        "Cloze",
        ("<ul><li>{{c1::\\(x^2\\)}}</li><li>{{c2::a*b*c}}</li></ul>", '<a href="https://a.org/?b=1&amp;c">d</a>'),
        "Zoo",
        "",
    ),
)
FRONT = "{{FrontSide}}<hr id=answer>"
# Note types with words of their own: the fields, the templates of each card, and a note.
WORDED: dict[str, tuple[tuple[str, ...], list[tuple[str, str]], tuple[str, ...]]] = {
    "words": (("A", "B"), [("<div>Capitals</div>Capital of {{A}}?", f"{FRONT}It is {{{{B}}}}.")], ("Peru", "Lima")),
    "reverse": (
        ("A", "B"),
        [("Capital of {{A}}", f"{FRONT}{{{{B}}}}"), ("{{B}} is?", f"{FRONT}{{{{A}}}}")],
        ("Peru", "Lima"),
    ),
    "sections": (
        ("A", "B", "C"),
        [("{{#C}}{{C}}: {{/C}}{{^C}}Say {{/C}}{{A}}", f"{FRONT}{{{{#C}}}}In {{{{C}}}}: {{{{/C}}}}{{{{B}}}}")],
        ("milk", "Milch", ""),
    ),
    "kanji": (("A", "B"), [("{{kanji:A}}", "{{kanji:A}} {{kana:A}}<br>{{B}}")], ("食[た]べ 物[もの]", "food")),
    "deck": (("A", "B"), [("{{Subdeck}}: {{A}}", f"{FRONT}{{{{B}}}}")], ("a", "b")),
    "three": (
        ("A", "B", "C"),
        [(f"{each} of {{{{{each}}}}}?", f"{FRONT}{{{{A}}}} {{{{B}}}} {{{{C}}}}") for each in "ABC"],
        ("a", "b", ""),
    ),
    "cloze": (("A", "B"), [("Topic: {{B}}<br>{{cloze:A}}", "Topic: {{B}}<br>{{cloze:A}}")], ("x {{c1::y}}", "t")),
}
FORMS = ("legacy.apkg", "new.apkg", "legacy.colpkg", "new.colpkg")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck of all stock types of Anki, in each form in which Anki exports it, and its collection."""
    library = needed("anki.collection")
    root = tmp_path_factory.mktemp("packages")
    (root / "pic.png").write_bytes(drawing(8, 8))
    (root / "hi.mp3").write_bytes(mp3())
    with collection(root / "owner") as owner:
        for name in ("pic.png", "hi.mp3"):
            owner.media.add_file(str(root / name))
        for type, fields, deck, tags in NOTES:
            note = owner.new_note(owner.models.by_name(type))
            note.fields, note.tags = list(fields), tags.split()
            owner.add_note(note, owner.decks.id(deck))
        owner.db.execute("update notes set mod = ?", FIRST)
        for form in FORMS[:2]:
            options = library.ExportAnkiPackageOptions(with_media=True, legacy=form.startswith("legacy"))
            limit = library.DeckIdLimit(owner.decks.id("Zoo"))
            owner.export_anki_package(out_path=str(root / form), options=options, limit=limit)
    for form in FORMS[2:]:  # exporting a collection closes it
        opened = library.Collection(str(root / "owner" / "learner.anki2"))
        opened.export_collection_package(str(root / form), include_media=True, legacy=form.startswith("legacy"))
    return root


def sides(learner: "Collection", guid: str) -> list[tuple[str, str]]:
    """Return the words on the front and on the back of each card of a note."""
    cards = by_guid(learner, guid).cards()
    return [
        tuple(
            re.sub(r"\[\[type:.*?\]\]|\[anki:play.*?\]", "", shown(each)).strip()
            for each in (card.question(), card.answer())
        )
        for card in cards
    ]  # type: ignore[misc]


@pytest.mark.parametrize("form", FORMS)
def test_every_card_shows_the_same_words(form: str, packages: Path, folder: Path) -> None:
    """Each note of each stock type, from each form of package, with its tags; nothing is lost."""
    done = import_deck(packages / form, folder / "out", Options(Wanted()))
    assert not done.is_lossy
    adopt(packages / form, folder / "out" / "cards.yaml", decks=["Zoo"])
    build(folder / "out" / "cards.yaml", at=FIRST + DAY)
    with collection(packages / "owner") as owner, collection(folder / "learner") as learner:
        take(learner, folder / "out" / "decks" / "zoo.apkg")
        assert learner.note_count() == len(NOTES)
        for guid in owner.db.list("select guid from notes"):
            before, after = sides(owner, guid), sides(learner, guid)
            assert len(before) == len(after)
            for (old_front, old_back), (front, back) in zip(before, after, strict=True):
                assert old_front in front
                answer = old_back.removeprefix(old_front).strip()
                assert answer in back
        homes = "select n.guid, d.name from notes n join cards c on c.nid = n.id join decks d on c.did = d.id"
        assert sorted(map(tuple, owner.db.all(homes))) == sorted(map(tuple, learner.db.all(homes)))
        for collected in (owner, learner):
            assert {*collected.db.list("select tags from notes")} == {"", " animals Zoo::L1 ", " a:b "}


@pytest.mark.parametrize("name", WORDED)
def test_a_card_asks_in_the_words_of_its_template(name: str, folder: Path) -> None:
    """As Anki renders it: what was on the front is asked, and the answer is on the back."""
    fields, templates, texts = WORDED[name]
    library = needed("anki.collection")
    with collection(folder / "owner") as owner:
        model = owner.models.new(name)
        model["type"] = int(name == "cloze")
        for field in fields:
            owner.models.add_field(model, owner.models.new_field(field))
        for at, (front, back) in enumerate(templates, 1):
            template = owner.models.new_template(f"Card {at}")
            template["qfmt"], template["afmt"] = front, back
            owner.models.add_template(model, template)
        owner.models.add(model)
        note = owner.new_note(owner.models.by_name(name))
        note.fields = list(texts)
        owner.add_note(note, owner.decks.id("Zoo::Birds"))
        options = library.ExportAnkiPackageOptions(legacy=True)
        limit = library.DeckIdLimit(owner.decks.id("Zoo"))
        owner.export_anki_package(out_path=str(folder / "x.apkg"), options=options, limit=limit)
        before = sides(owner, note.guid)
    done = import_deck(folder / "x.apkg", folder / "out", Options(Wanted()))
    assert done.folder is not None
    build(done.folder / "cards.yaml")
    with collection(folder / "learner") as learner:
        take(learner, next((folder / "out" / "decks").glob("*.apkg")))
        guids = learner.db.list("select guid from notes order by id")
        after = [side for guid in guids for side in sides(learner, guid)]
    assert len(before) == len(after)
    for (old_front, old_back), (front, back) in zip(before, after, strict=True):
        assert front == old_front or front.startswith(f"{old_front} ")
        assert {*re.findall(r"\w+", old_back)} <= {*re.findall(r"\w+", back)}


@pytest.mark.parametrize("form", FORMS[:2])
def test_going_over_needs_no_work_by_hand(form: str, packages: Path, folder: Path) -> None:
    """Import, adopt, and the rehearsal of the whole road: every card keeps its schedule, and every note arrives."""
    done = import_deck(packages / form, folder / "out", Options(Wanted()), lossy=True)
    cards = folder / "out" / "cards.yaml"
    adopted = adopt(packages / form, cards)
    assert (adopted.new, adopted.left, adopted.halved) == ((), (), ())
    assert not any(adopted.emptied.values())
    road = rehearse(packages / form, cards)
    assert len(road.bridges) == 2
    assert {fate: len(names) for fate, names in road.fates.items() if names} == {"updated": len(done.notes)}
    assert road.lossless, road.findings


def crowdanki(owner: "Collection", name: str) -> dict[str, Any]:
    """Return a deck of a collection as CrowdAnki exports it: without any of Anki's numbers."""
    types = {number: owner.models.get(number) for number in owner.db.list("select distinct mid from notes")}
    below = [each.name for each in owner.decks.all_names_and_ids() if each.name.rpartition("::")[0] == name]
    notes = [owner.get_note(id) for id in sorted(owner.find_notes(f'"deck:{name}" -"deck:{name}::*"'))]
    return {
        "__type__": "Deck",
        "name": name.rpartition("::")[2],
        "children": [crowdanki(owner, each) for each in below],
        "note_models": [
            {"crowdanki_uuid": str(number), **{key: type[key] for key in ("name", "type", "flds", "tmpls", "css")}}
            for number, type in types.items()
            if type
        ],
        "notes": [
            {"note_model_uuid": str(each.mid), "guid": each.guid, "fields": each.fields, "tags": each.tags}
            for each in notes
        ],
    }


def test_a_deck_of_crowdanki_goes_over_with_a_package_of_it(packages: Path, folder: Path) -> None:
    """The notes come from its own export, and the note types that learners have from a package that Anki exports."""
    export = folder / "Zoo"
    export.mkdir()
    with collection(packages / "owner") as owner:
        (export / "deck.json").write_text(json.dumps(crowdanki(owner, "Zoo")), encoding="utf-8")
        shutil.copytree(owner.media.dir(), export / "media")
    done = import_deck(export, folder / "out", Options(Wanted()))
    cards = folder / "out" / "cards.yaml"
    adopted = adopt(packages / FORMS[1], cards)
    assert (adopted.new, adopted.left, adopted.halved, adopted.untagged) == ((), (), (), ())
    road = rehearse(packages / FORMS[1], cards)
    assert {fate: len(names) for fate, names in road.fates.items() if names} == {"updated": len(done.notes)}
    assert road.lossless, road.findings


def test_a_second_import_gives_the_same_bytes(packages: Path, folder: Path) -> None:
    """So that what was imported can be compared with what it became."""
    texts = [import_deck(packages / FORMS[0], folder / name, Options(Wanted()), lossy=True).text for name in ("a", "b")]
    assert texts[0] == texts[1]
    files: list[dict[str, Any]] = [
        {each.relative_to(folder / name).as_posix(): each.read_bytes() for each in (folder / name).rglob("*.*")}
        for name in ("a", "b")
    ]
    assert files[0] == files[1]
