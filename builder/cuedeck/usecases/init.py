"""Begin a deck: a cards.yaml with its own namespace and one concept to replace."""

import json
from pathlib import Path

from cuedeck.deck.values import new_namespace
from cuedeck.disk.storing import store_all
from cuedeck.problems import stop
from cuedeck.reading.schema import json_schema

CARDS = "cards.yaml"
SCHEMA = "cards.schema.json"

_TEXT = """\
# yaml-language-server: $schema={schema}
deck:
  id: {id}
  namespace: {namespace}  # drawn at random for this deck: never change it
  title: {title}

sources:
  talk:
    title: Me at the zoo
    author: Jawed Karim
    url: https://www.youtube.com/watch?v=jNQXAC9IVRw

concepts:
  elephants:
    title: Elephants
    at: 0:01-0:12  # when the speaker says this: the cards link to it
    notes:
      elephant-front:  # the id of the note: change its text as often as you like, but never its id
        cloze: |
          The speaker stands in front of the {{{{c1::elephants}}}} of a {{{{c2::zoo}}}}.
      elephant-trunks:
        at: 0:05  # this note has its own moment
        q: What does the speaker find cool about elephants?
        a: Their very long trunks
"""


def init(folder: Path, id: str, title: str) -> tuple[Path, ...]:
    """Write a valid cards.yaml and the schema for editors into a folder, which is made if it is missing.

    Returns the files. Raises `Problems` if one of them exists and is different; nothing is written then. The schema is
    written first, so that an interrupted run can be repeated.
    """
    text = _TEXT.format(schema=SCHEMA, id=id, namespace=new_namespace(), title=json.dumps(title, ensure_ascii=False))
    schema = json.dumps(json_schema(), indent=2)
    files = {folder / SCHEMA: f"{schema}\n".encode(), folder / CARDS: text.encode()}
    for path, data in files.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            stop(
                path.as_posix(),
                "there-already",
                "this file already exists",
                "name another folder, or move the file away",
            )
    store_all(files)
    return tuple(files)
