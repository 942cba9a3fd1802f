"""Chinese text: reading, masking, wording. Pure modules that also import on Python 3.10."""
