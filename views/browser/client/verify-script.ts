/**
 * verify.sh, which lies in every case file: the checks of `tellhaven verify`, row for row and word for word, with
 * other people's programs. POSIX sh and its utilities; sha256sum, minisign, jq, openssl. Lists are read with suspicion before
 * sha256sum follows what they name, and nothing is looked at in a folder with links or pipes in it.
 */
import type { Translate } from "../i18n.ts";
import { logScript, logWords } from "./verify-log-script.ts";
import { shapeScript } from "./verify-shape-script.ts";

/** Words by the name of the variable that holds them; keys below shell:verify. */
const words: Readonly<Record<string, string>> = {
  mark_holds: "mark.holds",
  mark_fails: "mark.fails",
  mark_unknown: "mark.unknown",
  mark_none: "mark.none",
  row_files: "row.files",
  row_bagit: "row.bagit",
  row_signature: "row.signature",
  row_taglist: "row.taglist",
  row_tags: "row.tags",
  row_list: "row.list",
  row_payload: "row.payload",
  row_extra: "row.extra",
  row_oxum: "row.oxum",
  row_comment: "row.comment",
  row_stamp: "row.stamp",
  row_approver: "row.approver",
  missing: "fault.missing",
  changed: "fault.changed",
  unlisted: "fault.unlisted",
  special: "fault.special",
  name: "fault.name",
  twice: "fault.twice",
  line: "fault.line",
  again: "fault.again",
  empty: "fault.empty",
  end: "fault.end",
  unnamed: "fault.unnamed",
  other: "fault.other",
  no_key: "fault.noKey",
  bad_key: "fault.badKey",
  no_fit: "fault.noFit",
  key_word: "fault.key",
  comment_word: "fault.comment",
  told: "fault.told",
  found: "fault.found",
  no_stamp: "fault.noStamp",
  no_authority: "fault.noAuthority",
  bad_authority: "fault.badAuthority",
  not_stamped: "fault.notStamped",
  time: "fault.time",
  bad_approver: "fault.badApprover",
  no_approval: "fault.noApproval",
  same_key: "fault.sameKey",
  needs_word: "fault.needs",
  tool: "fault.tool",
  end_holds: "end.holds",
  end_fails: "end.fails",
  end_unknown: "end.unknown",
};

/** One line in single quotes, in which a shell reads nothing but the quote; awk would read backslashes. */
const quoted = (text: string): string => `'${text.replaceAll(/[\r\n\\]/g, " ").replaceAll("'", `'\\''`)}'`;

const head = String.raw`#!/bin/sh
# Checks the case file in whose folder this file lies:  sh verify.sh counsel.pub [authority.pem [approver.pub]]
# authority.pem: certificate of the authority that stamped the time, approver.pub: key of the second person who
# approved; a dash stands for one that you do not have. Needs sha256sum, minisign, jq, and openssl for a time stamp and (3 or later) for the log. Ends with 0 only if everything holds: 1 something does not, 2 not all was checked.
# This file is part of what it checks. Check it first: VERIFY.md, steps 1 and 2.
set -u
LC_ALL=C
export LC_ALL
`;

const body = String.raw`
# given FILE READER WORDS: where a file that was named lies; the reader finds something in it.
given() {
  case $1 in
  '' | -) return 0 ;;
  /*) where=$1 ;;
  *) where=$PWD/$1 ;;
  esac
  if [ ! -f "$where" ] || [ -z "$("$2" "$where")" ]; then
    printf '%s: %s\n' "$3" "$1" >&2
    return 2
  fi
  printf '%s\n' "$where"
}
certificate_line() { ! at_most 65536 "$1" || sed -n '/^-----BEGIN CERTIFICATE-----/p' "$1"; }
key='' authority='' approver=''
[ $# -lt 1 ] || key=$(given "$1" key_line "$bad_key") || exit 2
[ $# -lt 2 ] || authority=$(given "$2" certificate_line "$bad_authority") || exit 2
[ $# -lt 3 ] || approver=$(given "$3" key_line "$bad_approver") || exit 2
case $0 in
*/*) cd "$(dirname "$0")" || exit 2 ;;
esac

# fault WORDS [OF]: one line of what does not hold.
fault() {
  if [ $# -eq 1 ]; then printf '%s\n' "$1"; else printf '%s: %s\n' "$1" "$2"; fi
}
# each WORDS: the same for every line that comes in.
each() {
  while IFS= read -r of; do fault "$1" "$of"; done
}
# What came in decides: nothing is a check that holds.
judge() {
  said=$(sort)
  [ -z "$said" ] && return 0
  printf '%s\n' "$said"
  return 1
}
# present PROGRAM...: of those that one file in the case file takes.
present() {
  for program in "$@"; do
    command -v "$program" > /dev/null 2>&1 || { fault "$tool" "$program"; return 2; }
  done
}
plain() { tr -c 'A-Za-z0-9._/\n-' '?'; }
paths() { sed 's|^\./||' | plain | sort -u; }

check_files() {
  {
    # A folder that cannot be looked into.
    find . > /dev/null 2>&1 || fault "$special" .
    find . ! -type f ! -type d 2> /dev/null | paths | each "$special"
    find . \( -name '*[!A-Za-z0-9._-]*' -o -name '-*' \) ! -name . | paths | each "$name"
    find . | sed 's|^\./||' | tr 'A-Z' 'a-z' | sort | uniq -d | plain | each "$twice"
  } | judge
}

check_bagit() {
  [ -f bagit.txt ] || { fault "$missing" bagit.txt; return 1; }
  printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt && return 0
  fault "$other" bagit.txt
  return 1
}

tags=tagmanifest-sha256.txt
check_signature() {
  for file in "$tags" "$tags.minisig"; do
    [ -f "$file" ] || { fault "$missing" "$file"; return 1; }
  done
  [ -n "$key" ] || { fault "$no_key"; return 2; }
  signed_by "$key" "$tags.minisig"
}
# signed_by KEY SIGNATURE
signed_by() {
  shown=$(fault "$key_word" "$(key_line "$1")")
  if is_signature "$2" && minisign -Vm "$tags" -p "$1" -x "$2" -q > /dev/null 2>&1; then
    printf '%s\n' "$shown"
    return 0
  fi
  { fault "$no_fit"; printf '%s\n' "$shown"; } | sort
  return 1
}

# check_sums_list FILE KIND: the list itself, before anybody follows the paths in it.
check_sums_list() {
  [ -f "$1" ] || { fault "$missing" "$1"; return 1; }
  {
    if [ ! -s "$1" ]; then fault "$empty"; elif [ -n "$(tail -c 1 "$1")" ]; then fault "$end"; fi
    tr '\000' '!' < "$1" | awk -v kind="$2" -v bad="$line" -v again="$again" -v unnamed="$unnamed" '
      function belongs(path) {
        if (kind == "payload") return path ~ /^data\//
        return path !~ /^data\// && tolower(path) !~ /^tagmanifest-/
      }
      {
        path = substr($0, 67)
        if (length($0) < 67 || substr($0, 1, 64) ~ /[^0-9a-f]/ || substr($0, 65, 2) != "  " ||
            path !~ /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/ || !belongs(path))
          print bad ": " NR
        else if (tolower(path) in seen) print again ": " NR
        else { seen[tolower(path)] = 1; named[path] = 1 }
      }
      END {
        if (kind == "payload") exit
        count = split("bagit.txt bag-info.txt manifest-sha256.txt", needed, " ")
        for (i = 1; i <= count; i++) if (!(needed[i] in named)) print unnamed ": " needed[i]
      }'
  } | judge
}
check_taglist() { check_sums_list "$tags" tags; }
check_list() { check_sums_list manifest-sha256.txt payload; }

check_sums() {
  {
    cut -c 67- "$1" | while IFS= read -r path; do [ -f "$path" ] || fault "$missing" "$path"; done
    # What is not said to be whole is not: a file that cannot be read is none that holds.
    { sha256sum -c "$1" 2> /dev/null; echo; cut -c 67- "$1"; } |
      awk '$0 == "" { listed = 1; next } !listed { if (sub(/: OK$/, "")) whole[$0] = 1; next } !($0 in whole)' |
      while IFS= read -r path; do [ ! -f "$path" ] || fault "$changed" "$path"; done
  } | judge
}
check_tags() { check_sums "$tags"; }
check_payload() { check_sums manifest-sha256.txt; }

check_extra() {
  {
    cut -c 67- "$tags" manifest-sha256.txt
    for beside in '' .minisig .tsq .tsr .approver.minisig; do printf '%s\n' "$tags$beside"; done
    echo
    find . -type f | sed 's|^\./||'
  } | awk 'NF == 0 { lists = 1; next } !lists { known[$0] = 1; next } !($0 in known)' | each "$unlisted" | judge
}

info() { sed -n "s/^$1: //p" bag-info.txt; }
check_oxum() {
  [ -f bag-info.txt ] || { fault "$missing" bag-info.txt; return 1; }
  is=$(find data -type f -exec ls -ln {} + 2> /dev/null | awk '{ n++; sum += $5 } END { printf "%.0f.%d\n", sum, n }')
  [ "$(info Payload-Oxum)" = "$is" ] && return 0
  fault "$told" "$(info Payload-Oxum | tr -cd '0-9.')"
  fault "$found" "$is"
  return 1
}

# What bag-info.txt and data/case.json say of the case file.
facts() {
  id=$(info External-Identifier)
  bagged=$(info Bagging-Date)
  portal='' is=''
  is_case_json data/case.json || return 0
  portal=$(case_text portalId)
  is=$(case_text case)
}
comment_of() { minisign -Vm "$tags" -p "$1" -x "$2" -Q 2> /dev/null; }
comment_line() { fault "$comment_word" "$(printf '%s\n' "$1" | tr -c 'A-Za-z0-9 ,:._\n-' '?')"; }
check_comment() {
  said=$(comment_of "$key" "$tags.minisig")
  facts
  {
    [ "$said" = "case file $id of portal $portal, exported $bagged" ] || fault "$other" "$tags.minisig"
    [ "$is" = "$id" ] || fault "$other" data/case.json
  } | judge
  held=$?
  comment_line "$said"
  return $held
}

# Hash, number and time of a time stamp as openssl reads them: sha256 HEX HEX 2026-11-23T12:00:00Z SECONDS
# -token_out leaves the words of the answer out, which nobody signed.
stamp_info() {
  openssl ts -reply -in "$1" -token_out -text 2> /dev/null | awk '
    /^Hash Algorithm: / { kind = $3 }
    /^Message data:/ { dump = 1; next }
    dump && /^    [0-9a-f]+ - / { part = substr($0, 12, 47); gsub(/[ -]/, "", part); hash = hash part; next }
    { dump = 0 }
    /^Nonce: 0x/ && nonce == "" { nonce = tolower(substr($2, 3)) }
    /^Time stamp: / && day == "" {
      year = $6
      month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $3) + 2) / 3
      split($5, clock, /[:.]/)
      day = sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, $4, clock[1], clock[2], clock[3])
      split("0 31 59 90 120 151 181 212 243 273 304 334", before, " ")
      leap = month > 2 && (year % 4 == 0 && year % 100 != 0 || year % 400 == 0)
      days = 365 * (year - 1970) + int((year - 1969) / 4) - int((year - 1901) / 100) + int((year - 1601) / 400)
      seconds = (days + before[month] + leap + $4 - 1) * 86400 + clock[1] * 3600 + clock[2] * 60 + clock[3]
    }
    END { printf "%s %s %s %s %.0f\n", kind, hash, nonce, day, seconds }'
}
# Nothing but the answer: openssl would not mind bytes behind it.
stamp_bytes() {
  openssl asn1parse -inform DER -in "$1" 2> /dev/null |
    sed -n '1s/^ *0:d=0 *hl= *\([0-9]*\) *l= *\([0-9]*\) .*/\1 \2/p' | awk '{ print $1 + $2 }'
}
check_stamp() {
  query=$tags.tsq
  answer=$tags.tsr
  [ -n "$authority" ] || [ -f "$query" ] || [ -f "$answer" ] || { fault "$no_stamp"; return 3; }
  for file in "$tags" "$query" "$answer"; do [ -f "$file" ] || fault "$missing" "$file"; done | judge || return 1
  present openssl sha256sum || return 2
  sum=$(sha256sum < "$tags" | cut -c 1-64)
  asked=$(od -An -v -tx1 "$query" | tr -d ' \n')
  # The one spelling in which the console asks.
  case $asked in
  "30430201013031300d060960864801650304020105000420$sum"0208[4-7]???????????????0101ff) ;;
  *) fault "$other" "$query"; return 1 ;;
  esac
  nonce=$(printf '%s\n' "$asked" | cut -c 117-132)
  said=$(stamp_info "$answer")
  status=$(openssl ts -reply -in "$answer" -text 2> /dev/null | sed -n '/^Status: /{p;q;}')
  case "$status $(stamp_bytes "$answer") $said" in
  "Status: Granted"*" $(wc -c < "$answer" | tr -d ' ') sha256 $sum $nonce "*) ;;
  *) fault "$other" "$answer"; return 1 ;;
  esac
  [ -n "$authority" ] || { fault "$no_authority"; return 2; }
  # The certificate must have been good at the time of the stamp; it may have run out since.
  set -- $said
  if openssl ts -verify -queryfile "$query" -in "$answer" -CAfile "$authority" -partial_chain -attime "$5" \
    > /dev/null 2>&1; then
    fault "$time" "$4"
    return 0
  fi
  fault "$not_stamped"
  return 1
}

check_approver() {
  approval=$tags.approver.minisig
  [ -n "$approver" ] || [ -f "$approval" ] || { fault "$no_approval"; return 3; }
  [ -f "$approval" ] || { fault "$missing" "$approval"; return 1; }
  [ -n "$approver" ] || { fault "$no_key"; return 2; }
  present minisign jq od || return 2
  shown=$(signed_by "$approver" "$approval") || { printf '%s\n' "$shown"; return 1; }
  said=$(comment_of "$approver" "$approval")
  facts
  about="approved: case file of portal $portal, "
  day=$(printf '%s\n' "$said" | sed 's/.*, //')
  faults=$(
    [ -z "$key" ] || [ "$(key_itself "$key")" != "$(key_itself "$approver")" ] || fault "$same_key"
    # Not before the case file was made.
    case $said in
    "$about"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9])
      [ "$(printf '%s\n' "$bagged" "$day" | sort | sed 1q)" = "$bagged" ] || fault "$other" "$approval"
      ;;
    *) fault "$other" "$approval" ;;
    esac
    [ "$is" = "$id" ] || fault "$other" data/case.json
  )
  { [ -z "$faults" ] || printf '%s\n' "$faults"; comment_line "$said"; printf '%s\n' "$shown"; } | sort
  [ -z "$faults" ]
}
`;

const table = String.raw`
verdict=holds
held=" "
# Which rows must hold before, and the programs that it takes. A further check is a row here and a function above.
while read -r id needs tools <&3; do
  status=0
  said=
  for tool_name in $(printf '%s' "$tools" | tr ',' ' '); do
    [ "$tool_name" = - ] || command -v "$tool_name" > /dev/null 2>&1 || said=$(fault "$tool" "$tool_name")
  done
  [ -z "$said" ] || status=2
  for need in $(printf '%s' "$needs" | tr ',' ' '); do
    case "- $held" in
    *" $need "* | "$need "*) ;;
    *) status=2 said=$needs_word ;;
    esac
  done
  if [ $status -eq 0 ]; then
    said=$("check_$id" < /dev/null)
    status=$?
  fi
  case $status in
  0) mark=$mark_holds held="$held$id " ;;
  1) mark=$mark_fails verdict=fails ;;
  3) mark=$mark_none ;;
  *) mark=$mark_unknown; [ $verdict = fails ] || verdict=unknown ;;
  esac
  eval "row=\$row_$id"
  printf '%-5s  %-9s  %s\n' "$mark" "$id" "$row"
  [ -z "$said" ] || printf '%s\n' "$said" | sed 's/^/       /'
done 3<< 'TABLE'
files - -
bagit files -
signature files minisign
taglist files -
tags taglist sha256sum
list files -
payload list sha256sum
extra taglist,list -
oxum files -
comment signature,tags,payload minisign,jq,od
stamp files -
approver tags,payload -
log payload -
TABLE

case $verdict in
holds) printf '%s\n' "$end_holds" ;;
fails) printf '%s\n' "$end_fails"; exit 1 ;;
*) printf '%s\n' "$end_unknown"; exit 2 ;;
esac
`;

/** The script's text. `t` needs the namespace shell. */
export function verifyScript(t: Translate): string {
  const lines = Object.entries({ ...words, ...logWords }).map(
    ([name, key]) => `${name}=${quoted(t(`shell:verify.${key}`))}`,
  );
  return `${head}\n${lines.join("\n")}\n${shapeScript}${body}${logScript}${table}`;
}
