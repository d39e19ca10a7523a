"""Every kind of harm by its name: which edit causes it, whether a build refuses it, what it costs, and all its words.

Everything that is said of a hazard is here: to authors in messages and in the manual, to learners in release notes, and
to those who imported a draft. Words in braces are the facts of one case, which come with the hazard. Only its page is
elsewhere, in `explaining/hazards.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Harm:
    """What is true of every hazard of one name.

    edit, because   what causes it, and why it is a hazard: a row of the table in the manual
    happened        what has changed, and, after a colon,
    effect          what that would do to learners
    way_out         what an author does instead
    refused         a build stops until the author accepts it; otherwise it only warns
    costs_progress  reviews are lost, or count for what was never learned: a release with it is a major one
    as_a_whole      one edit causes it under several subjects, and to accept one of them is to accept all
    to_learners     what they may want to know and do; {search} finds the notes in Anki's browser, {notes} counts them
    for_draft_users  the same for those who imported a draft, if only drafts had the note; "" if they need nothing
    builds_miss     how much of it a build cannot see, because only a comparison of two packages shows it
    """

    edit: str
    because: str
    happened: str
    effect: str
    way_out: str
    refused: bool = False
    costs_progress: bool = False
    as_a_whole: bool = False
    to_learners: str = ""
    for_draft_users: str = ""
    builds_miss: Literal["nothing", "some", "all"] = "nothing"


_RESET = "To start these cards over, search for {search} in Anki's browser, select all, and choose *Reset*."
_OVERWRITES = "this overwrites your own edits and tags on them."
_BLANK = "Some cards are now blank. *Tools > Empty Cards* removes them."
_RESET_THEM = (
    'reset the cards of "{note}", because their reviews are for something else; in Anki\'s browser, {search} finds them'
)
_DELETE_OLD = "in Anki's browser, delete the notes that {search} finds, or you will have the note twice"
_WRONG_ANSWER = "learners' reviews would count for the wrong answer"
_WRONG_QUESTION = "learners' reviews would count for the wrong question"

# The ways out of another guid: in a deck of ours, in one that was another tool's, and in one that still is.
KEEP_GUID = 'remove "guid:", or put back the old one'
GO_ON_FROM_GUID = 'add the line "guid: {old}" to the note, and run cuedeck adopt with the package that learners have'
GIVE_GUIDS = (
    "give each note its own guid, which stays the same when its text changes, and give this note its old guid: {old}; "
    "in genanki, write genanki.Note(guid=...); without it, genanki makes the guid from all fields"
)

HARMS: Mapping[str, Harm] = {
    "cloze-moved": Harm(
        edit="cloze numbers change places",
        because="reviews would count for the wrong answer; the right numbering is printed",
        happened="{moves}",
        effect=_WRONG_ANSWER,
        way_out="number the deletions like this: {numbering}",
        refused=True,
        costs_progress=True,
        to_learners=f"In some texts, gaps have changed places, so reviews of one gap count for another. {_RESET}",
        for_draft_users=_RESET_THEM,
    ),
    "cloze-replaced": Harm(
        edit="a cloze number asks for a different answer",
        because="reviews would count for the wrong answer: use a fresh number",
        happened='number {number} asked for "{old}" and now asks for "{new}", in another sentence',
        effect=_WRONG_ANSWER,
        way_out="give the new deletion a fresh number, such as c{fresh}",
        refused=True,
        costs_progress=True,
        to_learners=f"Some gaps now ask for a different answer, so old reviews count for the new one. {_RESET}",
        for_draft_users=_RESET_THEM,
    ),
    "question-moved": Harm(
        edit="questions change places",
        because="reviews would count for the wrong question",
        happened='"{note}" now asks what "{other}" asked before',
        effect=_WRONG_QUESTION,
        way_out="put each text back under its own id",
        refused=True,
        costs_progress=True,
        to_learners=f"Some questions have changed places, so reviews of one count for another. {_RESET}",
        for_draft_users=_RESET_THEM,
    ),
    "question-replaced": Harm(
        edit="a question and its answer are replaced by quite different ones",
        because="reviews would count for the wrong question: use a new id",
        happened='"{note}" asked "{old}" and now asks "{new}", with another answer',
        effect=_WRONG_QUESTION,
        way_out='give the new question a new id, and retire the old one with "retired:" and the reason',
        refused=True,
        costs_progress=True,
        to_learners=f"Some cards now ask a different question, so old reviews count for the new one. {_RESET}",
        for_draft_users=_RESET_THEM,
    ),
    "kind-changed": Harm(
        edit="a question becomes a cloze, or the reverse",
        because="Anki would ignore it: use a new id",
        happened='"{note}" was a {old} note and is now a {new} note',
        effect="Anki never brings such a change to learners",
        way_out="keep the kind, or write the new note under a new id",
        refused=True,
        costs_progress=True,
        to_learners="Some questions have a new form, which Anki does not bring to notes that you already have. To get "
        "it, delete the notes that {search} finds in Anki's browser, and import the deck again; your progress on them "
        "starts over.",
        for_draft_users="Anki never brings that change to a note that you already have; in Anki's browser, delete the "
        "notes that {search} finds, and import the deck again",
    ),
    "looks-renamed": Harm(
        edit="the same words under a new id",
        because="progress would stay with the old one: add `was:`",
        happened='the note "{note}" says the same as "{old}", which is gone',
        effect="learners would get it as a new card, and their progress would stay with the old one",
        way_out='if it is the same note, add the line "was: {old}" to it',
        refused=True,
        costs_progress=True,
        to_learners="Some notes come as new ones, and your progress stays with the old ones.",
        for_draft_users=_DELETE_OLD,
    ),
    "guid-changed": Harm(
        edit="an existing note gets a different `guid:`, or another tool gives a note a different guid",
        because="learners would have it twice, and progress would stay with the first",
        happened='Anki knows the note "{note}" by the guid "{old}", and would treat it as a new one under "{new}"',
        effect="learners would get it a second time, and their progress would stay with the first",
        way_out="{keep}",
        refused=True,
        costs_progress=True,
        to_learners="Some notes come a second time, as new ones, and your progress stays with the first. In Anki's "
        "browser, {search} finds both.",
        for_draft_users=_DELETE_OLD,
    ),
    "type-changed": Harm(
        edit="note types with different fields or cards",
        because="Anki would stop all updates",
        happened="{became}",
        effect="Anki would stop all updates of its notes{and_more}",
        way_out="build with the version of Cuedeck that built the deck before; for a deck that another tool made, run "
        '"cuedeck adopt", and hand out first the package that it writes (a bridge)',
        refused=True,
        costs_progress=True,
        as_a_whole=True,
        to_learners="First import the bridge, the package that was handed out before this version, without changing "
        "the import options. Then import this version, and tick *Merge note types* for this update only. Leave it "
        "unticked if you have not imported the bridge.",
        for_draft_users="Anki updates none of its notes; delete them, and import the deck again",
    ),
    "title-changed": Harm(
        edit="the deck's title, or the `deck` of a source, changes",
        because="Anki would make a second deck, and leave the old cards where they are",
        happened='the deck was called "{old}" and is now called "{new}"',
        effect="Anki finds decks by name, so learners would get a second deck while their cards stay in the old one",
        way_out="{keep}",
        refused=True,
        as_a_whole=True,
        to_learners="A deck has a new name: new cards go there, and yours stay in the old one, with all their "
        "progress. To have them together, move yours.",
        for_draft_users="your cards stay in the old deck; move them, or delete it",
    ),
    "unretired": Harm(
        edit="a note has the id of a retired one",
        because="the id belongs to that note forever; accept it to bring that note back",
        happened='the note "{note}" was retired ({why}), so its id is not free for another',
        effect="learners who kept the old note would find it changed into this one",
        way_out="give a new note a new id; to bring the old note back, accept this",
        refused=True,
        to_learners="Notes that had left the deck are back. If you kept yours, your progress continues.",
    ),
    "lock-lost": Harm(
        edit="the lock is missing, or older than what was handed out",
        because="learners' own edits would be overwritten",
        happened="{lost}",
        effect="learners' own edits and tags would be overwritten",
        way_out="{bring_back}",
        refused=True,
        to_learners=f"Notes are replaced although nothing in them has changed; {_OVERWRITES}",
    ),
    "stale": Harm(
        edit="a package is built without the lock that the older package was built with",
        because="learners would never get the edits in it",
        happened='"{note}" has changed, but its time is not newer than that of the note that learners have',
        effect="they never get the change",
        way_out="{rebuild}",
        refused=True,
        builds_miss="all",
        to_learners="Some corrections do not reach notes that you already have. In Anki's browser, {search} "
        "finds these notes.",
        for_draft_users="yours stays as it is until the note changes again",
    ),
    "cloze-gone": Harm(
        edit="a cloze number is removed",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='number {number} ("{old}") is gone',
        effect="learners keep its card, which then says that it has no cloze",
        way_out="tell learners to use Tools > Empty Cards in Anki, or put the deletion back",
        to_learners=_BLANK,
        for_draft_users='you keep its card of "{note}", which is now blank; in Anki, Tools > Empty Cards removes it',
    ),
    "reverse-gone": Harm(
        edit="`reverse` is removed",
        because="learners keep a blank card until *Tools > Empty Cards*",
        happened='"{note}" no longer has a reverse card',
        effect="learners keep theirs, and its front is blank",
        way_out="tell learners to use Tools > Empty Cards in Anki, or put reverse: back",
        to_learners=_BLANK,
        for_draft_users="you keep yours, which is now blank; in Anki, Tools > Empty Cards removes it",
    ),
    "card-added": Harm(
        edit="an existing note gets another card",
        because="learners who edited the note themselves get the card without its text",
        happened='"{note}" gets {card}',
        effect="learners who edited the note themselves get the card, but not the text for it",
        way_out="put what is new into a note of its own, or accept this: nothing is lost",
        to_learners="Some notes have one more card. On a note that you edited yourself, the new card may be blank.",
    ),
    "vanished": Harm(
        edit="a note is taken out of the file",
        because="learners keep it forever; write `retired:` with the reason instead",
        happened='the note "{note}" is no longer in the {where}',
        effect="learners who have it keep it forever",
        way_out='put it back, with "retired:" and the reason; in Anki\'s browser, learners find it with {search}',
    ),
    "cards-stay": Harm(
        edit="a note moves to another subdeck",
        because="learners' cards stay where they are",
        happened='{count} of the deck "{old}", such as "{first}", now {belong} to "{new}"',
        effect="learners' cards stay where they are",
        way_out="accept this: nothing is lost, and learners may move their cards",
        builds_miss="some",
        to_learners="Some notes now belong to another deck. Your cards stay where they are, with all their progress; "
        "if you like, move the cards that {search} finds in Anki's browser.",
        for_draft_users="your cards stay where they are; move them if you like",
    ),
    "rerendered": Harm(
        edit="a newer version of Cuedeck renders some markup differently",
        because="the notes that use it are replaced, although nobody edited them",
        happened="{count} that nobody edited ({names}) {looks} different with this version of Cuedeck",
        effect="learners get {it} again, without their own edits and tags on {it}; reviews stay, and no other note is "
        "touched",
        way_out="look at {it} in cuedeck preview; if all is well, accept this at the release. To leave learners what "
        "they have, keep using the version of Cuedeck that built the last release",
        to_learners="Notes that a new version of the tool shows differently are replaced as a whole, although nobody "
        f"edited them; {_OVERWRITES}",
    ),
    "link-changed": Harm(
        edit="a link that is part of a note leads to another address",
        because="that note is replaced as a whole",
        happened='a link of "{note}" led to {old} and now leads to {new}',
        effect="the note is replaced as a whole, which overwrites learners' own edits and tags on it",
        way_out="open both to see which is right; to keep the old one, add it to the source as link:, with "
        "placeholders such as {{seconds}} in place of the time",
        as_a_whole=True,
        to_learners="Some links now lead to another address. Notes that contain one are replaced as a whole; "
        f"{_OVERWRITES}",
    ),
    "not-adopted": Harm(
        edit="a `guid:` that was not taken over with `cuedeck adopt`",
        because="Anki refuses the note for everyone who has one with that guid",
        happened='the note "{note}" has a guid that {whose}',
        effect="Anki refuses the note for everyone who already has one with that guid, now and at every update; all "
        "others get it as a new note",
        way_out="{adopt}",
        to_learners="Some notes come from another deck. If you have that deck, Anki does not update the notes that "
        "{search} finds.",
    ),
    "deck-id-changed": Harm(
        edit="the deck's id changes",
        because="all notes with tags are replaced",
        happened='the id of the deck was "{old}" and is now "{new}"',
        effect="all tags begin with it, so every note with tags is replaced, which overwrites learners' own edits "
        "and tags",
        way_out='put "{old}" back',
        to_learners=f"Notes with tags are replaced as a whole; {_OVERWRITES}",
        for_draft_users="all notes with tags are replaced as a whole",
    ),
    "tags-renamed": Harm(
        edit="`tags_as_written` is added or removed after a release",
        because="all tags get new names, and all notes with tags are replaced",
        happened='all tags of the deck have new names, such as "{new}", which was "{old}"',
        effect="learners' searches and filtered decks no longer find them, and every note with tags is replaced, which "
        "overwrites learners' own edits and tags",
        way_out="{keep}",
        refused=True,
        to_learners="All tags of the deck have new names, so searches and filtered decks for the old ones find "
        f"nothing. Notes with tags are replaced as a whole; {_OVERWRITES}",
        for_draft_users="all notes with tags are replaced as a whole",
    ),
    "main-source-gone": Harm(
        edit="the main source of the last release is taken out, or gets another id and another address at once",
        because="the first source becomes the main one, and all of its notes are replaced; put the old one back, even "
        "without notes",
        happened='the main source was "{old}" and is now "{new}"',
        effect='all notes of "{new}" that learners have are replaced ({count}, such as "{first}"), which overwrites '
        "learners' own edits and tags on them",
        way_out='put "{old}" back, even without notes; if it is still in the file, give it back its old id or its '
        "old address",
        to_learners=f"Another recording is now the main one, and its notes are replaced as a whole; {_OVERWRITES}",
    ),
    "mass-update": Harm(
        edit="an edit of something that many notes show, such as the title of their concept, or `clips: true`",
        because="many notes are replaced although their own texts have not changed",
        happened='{count}, such as "{first}", are replaced {cause}',
        effect="learners' own edits and tags on them would be overwritten",
        way_out="undo the edit, or accept this if the edit is worth it",
        builds_miss="some",
        to_learners=f"{{notes}} are replaced as a whole; {_OVERWRITES}",
    ),
}
