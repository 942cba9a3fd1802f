"""What is done for a known customer at the bank: loss stop, SMS notice, instalments, the reset of a login password."""
