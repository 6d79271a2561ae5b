/**
 * The part of verify.sh that follows the portal's log, as server/cli/verify/log.ts does: data/logs/audit.jsonl line by
 * line. Bytes go through the shell as printf's octal escapes, which nothing in it reads as text. Needs openssl 3.
 */

import { extractName, logLines, longestPath } from "../../../crypto/log-extract.ts";

/** In single quotes: there is none in it. */
const quotedShape = (shape: string): string => `'${shape}'`;

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
  log_room: "fault.logRoom",
};

export const logScript = `
log_head=${quotedShape(logLines.head)}
log_checkpoint=${quotedShape(logLines.note)}
log_entry=${quotedShape(logLines.entry)}
longest_path=${longestPath}
extract=${extractName}
${String.raw`
hex() { od -An -v -tx1 | tr -d ' \n'; }
escapes() { od -An -v -to1 | tr -s ' ' '\\' | tr -d '\n'; }
sha256() { openssl dgst -sha256 -binary; }
from64() { printf '%s\n' "$1" | openssl base64 -d -A 2> /dev/null; }
unhex() {
  printf '%s\n' "$1" | awk '{
    for (i = 1; i < length($0); i += 2)
      printf "\\%03o", 16 * index("123456789abcdef", substr($0, i, 1)) + index("123456789abcdef", substr($0, i + 1, 1))
  }'
}
# fits SHAPE: whether the line is as the console writes it.
fits() { printf '%s\n' "$text" | grep -Eq "$1"; }
# part NAME: a value of a line that fits; no value has a quote in it.
part() { printf '%s\n' "$text" | sed "s#.*\"$1\":\"\{0,1\}\([^],\"}]*\).*#\1#"; }

# A key of few multiples, or not in its one spelling: anybody can sign with it (RFC 8032, 8.; libsodium takes none).
ff=ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
oo=000000000000000000000000000000000000000000000000000000000000
is_weak() {
  case $1 in
  0[01]"$oo"[08]0 | e[c-f]"$ff"[7f]f | f?"$ff"[7f]f | \
    26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc[08]5 | \
    c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a) return 0 ;;
  esac
  return 1
}

# open_checkpoint: size and root of the line's checkpoint (C2SP tlog-checkpoint), if the log signed it.
open_checkpoint() {
  set -- $(part checkpoint | sed 's#tellhaven-log/##g; s#\\n# #g')
  # Portal, size, root, dash, portal, signature.
  [ "$1" = "$log_portal" ] && [ "$5" = "$log_portal" ] && [ $(($2 % 64)) -eq 0 ] || return 1
  [ "$2" -gt 0 ] || [ "$3" = 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ] || return 1
  is_weak "$(from64 "$log_public" | hex)" && return 1
  key_id=$(printf "tellhaven-log/%s\n\\001$log_public_bytes" "$1" | sha256 | hex | cut -c 1-8)
  [ "$(from64 "$6" | hex | cut -c 1-8)" = "$key_id" ] || return 1
  printf 'tellhaven-log/%s\n%s\n%s\n' "$1" "$2" "$3" > "$work/text"
  from64 "$6" | tail -c 64 > "$work/signature"
  openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/text" -sigfile "$work/signature" \
    > /dev/null 2>&1 || return 1
  tree_size=$2
  tree_root=$(from64 "$3" | escapes)
}

# way INDEX SIZE PATH: from a leaf to the root (RFC 6962), a side and a node's hash a line, then "end"; "no" is none.
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
    print "end"
  }'
}
# climb LEAF: the root that the way leads to, as escapes.
climb() {
  node=$1
  while read -r side other; do
    case $side in
    right) node=$(printf "\\001$node$other" | sha256 | escapes) ;;
    left) node=$(printf "\\001$other$node" | sha256 | escapes) ;;
    end) printf '%s\n' "$node" ;;
    *) return ;;
    esac
  done
}
# Whether the line's leaf leads to the checkpoint's root.
stands_in() {
  [ -n "$tree_root" ] || return 1
  case $(part event) in
  filed) name='\005\000\000\000filed' ;;
  *) name='\010\000\000\000appended' ;;
  esac
  leaf=$(printf "\\010th1/leaf$name\\040\\000\\000\\000$(unhex "$(part envelopeHash)")" |
    openssl mac -macopt "hexkey:$(from64 "$(part blinding)" | hex)" -macopt size:32 -binary BLAKE2BMAC | escapes)
  leaf=$(printf "\\000$leaf" | sha256 | escapes)
  [ "$(way "$(part index)" "$tree_size" "$path" | climb "$leaf")" = "$tree_root" ]
}

# open_head: portal and key of the first line.
open_head() {
  fits "$log_head" || return 1
  log_portal=$(part portalId)
  log_public=$(part logKey)
  log_public_bytes=$(from64 "$log_public" | escapes)
  {
    printf '%s\n' '-----BEGIN PUBLIC KEY-----'
    printf "\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000$log_public_bytes" | openssl base64
    printf '%s\n' '-----END PUBLIC KEY-----'
  } > "$work/key"
}
# fault_of_line: the one that the line has, without its number; before: the line above it, "" if that is none.
fault_of_line() {
  above=$before before=''
  path=
  if fits "$log_checkpoint"; then
    kind=checkpoint
  elif fits "$log_entry"; then
    kind=entry
    path=$(printf '%s\n' "$text" | sed -n 's#.*"path":\[\([^]]*\)\].*#\1#p' | tr -d '"')
    [ "$(printf '%s\n' "$path" | tr -cd ',' | wc -c)" -lt "$longest_path" ] || { wrong=$log_line; return; }
  else
    wrong=$log_line
    return
  fi
  before=$text
  if [ -n "$above" ] && [ "$(part previous)" != "$(printf '%s' "$above" | sha256 | hex)" ]; then
    wrong=$log_chain
  elif [ $kind = checkpoint ]; then
    tree_root='' tree_size=0
    open_checkpoint || wrong=$log_note
  elif [ "$(part proof)" = null ]; then
    later=$((later + 1))
  elif stands_in; then
    proved=$((proved + 1))
  else
    wrong=$log_proof
  fi
}
# One fault at most for a line, with its number, then what to compare; whether there was none.
follow_log() {
  number=0 before='' tree_root='' tree_size=0 proved=0 later=0 failed=0
  while IFS= read -r text; do
    number=$((number + 1))
    wrong=''
    if [ "$number" -eq 1 ]; then
      open_head || { fault "$log_line" 1; return 1; }
      [ "$log_portal" = "$portal" ] || { fault "$other" "$extract"; failed=1; }
      before=$text
    else
      fault_of_line
    fi
    [ -z "$wrong" ] || { fault "$wrong" "$number"; failed=1; }
  done
  # An end without a line's end.
  [ -z "$text" ] && [ "$number" -gt 0 ] || { fault "$log_line" $((number + 1)); failed=1; }
  [ "$number" -gt 0 ] || return 1
  fault "$log_key" "$log_public"
  fault "$log_proved" "$proved"
  [ "$later" -eq 0 ] || fault "$log_later" "$later"
  return $failed
}

check_log() {
  [ -f "$extract" ] || { fault "$no_log"; return 3; }
  present jq openssl od mktemp || return 2
  # Older ones have no BLAKE2 with a key.
  printf x | openssl mac -macopt hexkey:00 -macopt size:32 BLAKE2BMAC > /dev/null 2>&1 ||
    { fault "$tool" 'openssl 3'; return 2; }
  work=$(mktemp -d 2> /dev/null) || { fault "$log_room"; return 2; }
  # What follows needs less.
  dd if=/dev/zero of="$work/room" bs=1024 count=16 2> /dev/null
  if [ "$(wc -c < "$work/room")" -eq 16384 ]; then
    rm "$work/room"
    facts
    # No letter of base64 is meant as the name of a file. A NUL, which no shell keeps, is none of ours either.
    set -f
    said=$(tr '\000' '\001' < "$extract" | follow_log 2> /dev/null)
    status=$?
    set +f
    printf '%s\n' "$said" | sort
  else
    fault "$log_room"
    status=2
  fi
  rm -rf "$work"
  return $status
}
`}`;
