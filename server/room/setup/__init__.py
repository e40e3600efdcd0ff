"""Set-up: making and changing channels by form. What is slow or may hang runs in helper processes of low priority."""
