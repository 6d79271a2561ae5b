/**
 * The part of verify.sh that follows the portal's log, as server/cli/verify/log.ts does: data/logs/audit.jsonl line by
 * line. Bytes go through the shell as printf's octal escapes, which nothing in it reads as text. Needs openssl 3.
 */

/** Words by the name of the variable that holds them; keys below shell:verify. */
export const logWords: Readonly<Record<string, string>> = {
  row_log: "row.log",
  no_log: "fault.noLog",
  log_line: "fault.logLine",
  log_chain: "fault.logChain",
  log_note: "fault.logNote",
  log_proof: "fault.logProof",
  log_key: "fault.logKey",
  log_proved: "fault.logProved",
  log_later: "fault.logLater",
};

export const logScript = String.raw`
extract=data/logs/audit.jsonl
hex() { od -An -v -tx1 | tr -d ' \n'; }
escapes() { od -An -v -to1 | tr -s ' ' '\\' | tr -d '\n'; }
sha256() { openssl dgst -sha256 -binary; }
unhex() {
  printf '%s\n' "$1" | awk '{
    for (i = 1; i < length($0); i += 2)
      printf "\\%03o", 16 * index("123456789abcdef", substr($0, i, 1)) + index("123456789abcdef", substr($0, i + 1, 1))
  }'
}
# is_hex TEXT DIGITS
is_hex() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "\${#1}" -eq "$2" ]
}
# from64 TEXT: its bytes.
from64() { printf '%s\n' "$1" | openssl base64 -d -A 2> /dev/null; }
# is_64 TEXT BYTES
is_64() {
  case $1 in *[!A-Za-z0-9+/=]*) return 1 ;; esac
  [ "$(from64 "$1" | wc -c)" -eq "$2" ]
}

# open_note BASE64: size and root of a checkpoint (C2SP tlog-checkpoint) that the log with this key signed.
open_note() {
  from64 "$1" > "$work/note"
  sed 3q "$work/note" > "$work/text"
  { read -r origin; read -r size; read -r root; } < "$work/text"
  set -- $(sed -n 5p "$work/note" | awk 'NF == 3')
  [ "$origin" = "tellhaven-log/$portal_of_log" ] && [ $# -eq 3 ] && is_64 "$3" 68 && is_64 "$root" 32 || return 1
  case $size in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ "\${#size}" -le 15 ] && [ $((size % 64)) -eq 0 ] || return 1
  [ "$size" -gt 0 ] || [ "$root" = 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ] || return 1
  printf '%s\n%s\n%s\n\n— %s %s\n' "$origin" "$size" "$root" "$origin" "$3" | cmp -s - "$work/note" || return 1
  key_id=$(printf "%s\n\\001$log_key_bytes" "$origin" | sha256 | hex | cut -c 1-8)
  [ "$(from64 "$3" | hex | cut -c 1-8)" = "$key_id" ] || return 1
  from64 "$3" | tail -c 64 > "$work/signature"
  openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/text" -sigfile "$work/signature" \
    > /dev/null 2>&1
}

# way INDEX SIZE PATH: the way from a leaf to the root (RFC 6962), a side and a node's hash a line; "no" is none.
way() {
  awk -v at="$1" -v size="$2" -v path="$3" 'BEGIN {
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    if (at >= size) { print "no"; exit }
    for (from = 0; size - from > 1;) {
      for (half = 1; 2 * half < size - from;) half *= 2
      if (at < from + half) { side[++steps] = "right"; size = from + half }
      else { side[++steps] = "left"; from += half }
    }
    if (split(path, nodes, ",") != steps) { print "no"; exit }
    for (i = 1; i <= steps; i++) {
      out = ""
      for (k = 1; k < length(nodes[i]); k += 4) {
        for (bits = j = 0; j < 4; j++) {
          letter = index(letters, substr(nodes[i], k + j, 1))
          bits = bits * 64 + (letter ? letter - 1 : 0)
        }
        out = out sprintf("\\%03o\\%03o\\%03o", int(bits / 65536), int(bits / 256) % 256, bits % 256)
      }
      print side[steps + 1 - i], substr(out, 1, 128)
    }
  }'
}
# climb LEAF: the root that the way leads to, as escapes.
climb() {
  node=$1
  while read -r side other; do
    case $side in
    right) node=$(printf "\\001$node$other" | sha256 | escapes) ;;
    left) node=$(printf "\\001$other$node" | sha256 | escapes) ;;
    *) return 1 ;;
    esac
  done
  printf '%s\n' "$node"
}
# stands_in ENVELOPE EVENT INDEX BLINDING PATH: whether an entry's leaf leads to the checkpoint's root.
stands_in() {
  [ -n "$note_root" ] || return 1
  case $2 in
  filed) name='\005\000\000\000filed' ;;
  *) name='\010\000\000\000appended' ;;
  esac
  leaf=$(printf "\\010th1/leaf$name\\040\\000\\000\\000$(unhex "$1")" |
    openssl mac -macopt "hexkey:$(from64 "$4" | hex)" -macopt size:32 -binary BLAKE2BMAC | escapes)
  leaf=$(printf "\\000$leaf" | sha256 | escapes)
  [ "$(way "$3" "$note_size" "$5" | climb "$leaf")" = "$note_root" ]
}

# The parts of a line, in one line of words; nothing where it has another shape.
head_parts='select(.format == "tellhaven-log-extract-1") | "\(.portalId | strings) \(.logKey | strings)"'
row_parts='select(type == "object") | (.previous | strings) as $previous |
  if (.checkpoint | type) == "string" then "note \($previous) \(.checkpoint | @base64)"
  elif .event == "filed" or .event == "appended" then
    (.envelopeHash | strings) as $hash | .event as $event |
    if has("proof") and .proof == null then "later \($previous) \($hash)"
    else .proof | (.path | arrays) as $path | (.index | numbers) as $index |
      select($index >= 0 and $index == ($index | floor) and ($path | all(.[]; type == "string" and length == 44))) |
      "entry \($previous) \($hash) \($event) \($index) \(.blinding | strings) ,\($path | join(","))" end
  else empty end'

# One fault at most for a line, with its number.
follow_log() {
  number=0 before='' note_root='' note_size=0 proved=0 later=0
  while IFS= read -r text || [ -n "$text" ]; do
    number=$((number + 1))
    if [ "$number" -eq 1 ]; then
      set -- $(printf '%s\n' "$text" | jq -r "$head_parts" 2> /dev/null)
      { [ $# -eq 2 ] && is_hex "$1" 64 && is_64 "$2" 32; } || break
      portal_of_log=$1 key_of_log=$2
      log_key_bytes=$(from64 "$2" | escapes)
      {
        printf '%s\n' '-----BEGIN PUBLIC KEY-----'
        printf "\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000$log_key_bytes" | openssl base64
        printf '%s\n' '-----END PUBLIC KEY-----'
      } > "$work/key"
    else
      follow_line
    fi
    before=$text
  done < "$extract"
  [ -n "\${key_of_log:-}" ] || { fault "$log_line" 1; return; }
  fault "$log_key" "$key_of_log" >> "$work/told"
  fault "$log_proved" "$proved" >> "$work/told"
  [ "$later" -eq 0 ] || fault "$log_later" "$later" >> "$work/told"
}
# is_line KIND PREVIOUS HASH EVENT INDEX BLINDING PATH; a checkpoint instead of the hash, and nothing after that of a later day.
is_line() {
  [ $# -gt 2 ] && is_hex "$2" 64 || return 1
  case $1-$# in
  note-3) ;;
  later-3) is_hex "$3" 64 ;;
  entry-7) is_hex "$3" 64 && is_64 "$6" 32 && case $7 in *[!A-Za-z0-9+/=,]*) return 1 ;; esac ;;
  *) return 1 ;;
  esac
}
follow_line() {
  set -- $(printf '%s\n' "$text" | jq -r "$row_parts" 2> /dev/null)
  is_line "$@" || { fault "$log_line" "$number"; return; }
  [ "$2" = "$(printf '%s' "$before" | sha256 | hex)" ] || { fault "$log_chain" "$number"; return; }
  case $1 in
  note)
    note_root=''
    open_note "$3" || { fault "$log_note" "$number"; return; }
    note_root=$(from64 "$root" | escapes) note_size=$size
    ;;
  later) later=$((later + 1)) ;;
  *)
    if stands_in "$3" "$4" "$5" "$6" "\${7#,}"; then proved=$((proved + 1))
    else fault "$log_proof" "$number"; fi
    ;;
  esac
}

check_log() {
  [ -f "$extract" ] || { fault "$no_log"; return 3; }
  present jq openssl od mktemp || return 2
  # Older ones have no BLAKE2 with a key.
  printf x | openssl mac -macopt hexkey:00 -macopt size:32 BLAKE2BMAC > /dev/null 2>&1 ||
    { fault "$tool" 'openssl 3'; return 2; }
  work=$(mktemp -d) || return 2
  : > "$work/told"
  # No name in the folder is meant by a letter of base64.
  set -f
  follow_log > "$work/faults"
  set +f
  sort "$work/faults" "$work/told"
  status=0
  [ ! -s "$work/faults" ] || status=1
  rm -rf "$work"
  return $status
}
`.replaceAll("\\${", "${");
