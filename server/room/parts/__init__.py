"""The parts that pages are made of, one file each. All text is set as text, never as markup."""
