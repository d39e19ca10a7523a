"""The .apkg file: rows by genanki, our own container around them, opening one again, storing files safely."""
