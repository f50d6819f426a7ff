"""The live loop as nobody inside sees it: a theft, who hears of it and when, what the thief still gets, what is given back."""
