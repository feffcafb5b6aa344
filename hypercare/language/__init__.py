"""Reports in another language than English.

What is stored is English, in one wording, whatever language is read: findings, `summary.json`, incidents. A page, a
Markdown file or a message is translated when it is made, so that old days can be read in a language that came later.
The catalogue holds each message of the sources with its numbers and names left open (`{count} of {of} sales ...`); a
finished text is recognised by the message that made it, and its numbers and names are put into the translation.
"""
