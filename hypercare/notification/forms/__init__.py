"""The forms that a message is brought into: short, plain, chat, mail, data."""
