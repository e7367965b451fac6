"""The kinds of letter, and what a person calls them. Alone, as every command knows them."""

from typing import Final

LETTERS: Final = {
    "invitation": ("invitation", "invitations"),
    "leaver": ("notice that a case has left Inadequate", "notices that a case has left Inadequate"),
    "announcement": ("service email", "service emails"),
}  #: a kind, and its names for one and for more
