"""The Partner and Enterprise SOAP API, as older tools speak it."""
