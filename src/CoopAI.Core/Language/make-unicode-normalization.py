"""Writes UnicodeNormalization.txt, the table behind UnicodeNormalization.cs, from Python's own copy of the Unicode Character Database.

Run by hand:  python3 make-unicode-normalization.py > UnicodeNormalization.txt
"""
import sys
import unicodedata

out = sys.stdout
out.write(f"# Unicode {unicodedata.unidata_version}, (c) Unicode, Inc., Unicode License v3. Made by make-unicode-normalization.py; not edited by hand.\n")
out.write("# D code decomposition : full compatibility decomposition (Hangul syllables are computed); E = the same, but composed again NFKC gives back the code itself\n")
out.write("# C class code... : canonical combining class, where not 0\n# P composed first second : canonical composition\n")

classes = {}
for code in range(0x110000):
    if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3:
        continue
    char = chr(code)
    if unicodedata.combining(char):
        classes.setdefault(unicodedata.combining(char), []).append(code)
    full = unicodedata.normalize("NFKD", char)
    if full != char:
        kind = "E" if unicodedata.normalize("NFKC", char) == char else "D"
        out.write(f"{kind} {code:X} {' '.join(f'{ord(c):X}' for c in full)}\n")
    canonical = unicodedata.decomposition(char)
    if canonical and not canonical.startswith("<"):
        parts = [int(p, 16) for p in canonical.split()]
        # A composition that the standard excludes does not come back.
        if len(parts) == 2 and unicodedata.normalize("NFC", char) == char:
            out.write(f"P {code:X} {parts[0]:X} {parts[1]:X}\n")
for combining_class, codes in sorted(classes.items()):
    out.write(f"C {combining_class} {' '.join(f'{c:X}' for c in codes)}\n")
