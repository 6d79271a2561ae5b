/**
 * The part of verify.sh that says which signatures, keys and case.json it takes: no others than crypto/minisign.ts and
 * server/cli/verify/case-json.ts do. minisign and jq would mind less, and mind something else.
 */

export const shapeScript = String.raw`
# at_most BYTES FILE
at_most() { [ "$(wc -c < "$2")" -le "$1" ]; }
# ended FILE: its last line has an end.
ended() { [ -z "$(tail -c 1 "$1" | tr '\000' '!')" ]; }

# key_line FILE: the line with the key, of a file as minisign writes it, also with CRLF; nothing of another file.
key_line() {
  at_most 1024 "$1" || return 0
  tr -c '\r\n -~\200-\377' '\001' < "$1" | awk '
    { sub(/\r$/, "") }
    index($0, "\r") || index($0, "\001") || NR == 1 && $0 !~ /^untrusted comment:/ { odd = 1 }
    NR == 2 && length($0) == 56 && $0 ~ /^RW[QRST][A-Za-z0-9+\/]+$/ { key = $0 }
    END { if (NR == 2 && !odd) print key }'
}
# key_itself FILE: without its kind and id.
key_itself() {
  key_line "$1" | awk '{
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    print (index(letters, substr($0, 14, 1)) - 1) % 16, substr($0, 15)
  }'
}

# is_signature FILE: four lines of printable ASCII, of a hash, in the one spelling of base64.
is_signature() {
  at_most 1024 "$1" && ended "$1" && [ "$(tr -d '\n -~' < "$1" | wc -c)" -eq 0 ] && awk '
    NR == 1 && /^untrusted comment: / { good++ }
    NR == 2 && length($0) == 100 && /^RU[QRST][A-Za-z0-9+\/]+[AEIMQUYcgkosw048]=$/ { good++ }
    NR == 3 && /^trusted comment: / { good++ }
    NR == 4 && length($0) == 88 && /^[A-Za-z0-9+\/]+[AQgw]==$/ { good++ }
    END { exit !(NR == 4 && good == 4) }' "$1"
}

# is_utf8 FILE
is_utf8() {
  tr -cs '\200-\377' ' ' < "$1" | od -An -v -tu1 | awk '
    {
      for (i = 1; i <= NF; i++) {
        byte = $i + 0
        if (more > 0) {
          if (byte < low || byte > high) bad = 1
          more--
          low = 128
          high = 191
        } else if (byte > 127) {
          if (byte < 194 || byte > 244) bad = 1
          more = 1 + (byte > 223) + (byte > 239)
          low = byte == 224 ? 160 : byte == 240 ? 144 : 128
          high = byte == 237 ? 159 : byte == 244 ? 143 : 191
        }
      }
    }
    END { exit (bad || more > 0) }'
}
# is_case_json FILE: one document, a value or a bracket a line, set in by two for each bracket that is open, at most 100.
is_case_json() {
  [ -f "$1" ] && ended "$1" && [ "$(tr -d '\n\040-\377' < "$1" | wc -c)" -eq 0 ] && is_utf8 "$1" && awk '
    NR == 1 && $0 != "{" || NR > 1 && depth == 0 { bad = 1; exit }
    {
      rest = $0
      sub(/^ +/, "", rest)
      if (rest ~ /^[]}]/) depth--
      if (length($0) - length(rest) != 2 * depth) { bad = 1; exit }
      gsub(/"[^"\\]*(\\(["\\\/bfnrt]|u[0-9a-f][0-9a-f][0-9a-f][0-9a-f])[^"\\]*)*"/, "_", rest)
      if (rest !~ /^([]}]|(_: )?(_|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|true|false|null|[[][]]|[{][}]|[[{])),?$/) {
        bad = 1
        exit
      }
      if (rest ~ /[[{]$/) depth++
      if (depth > 100) { bad = 1; exit }
      last = $0
    }
    END { exit (bad || NR == 0 || depth != 0 || last != "}") }' "$1"
}
# case_text FIELD: a name in data/case.json. Half a pair of UTF-16, which jq does not read, stands in no name.
case_text() {
  sed 's/\\ud[89a-f]../\\ufffd/g' data/case.json |
    jq -r ".$1 | strings | select(explode | all((. > 44 and . < 58 and . != 47) or (. > 64 and . < 91) or
      . == 95 or (. > 96 and . < 123)))" 2> /dev/null
}
`;
