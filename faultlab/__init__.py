"""The fault lab: what can go wrong in a business system, put into the embedded one, to prove that it is noticed."""
