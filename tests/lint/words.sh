#!/bin/bash
# A comment begins with a subject: a noun phrase that opens with one of these words has to be solved
# first. A note behind a member or a value is no sentence; it begins in lower case and is left alone.
. "${0%/*}/tap.sh"
cd "$top_srcdir" || exit 1

folders=(src tests)
openings='What|Of|That|Those|Who|As'

without_subject() {
    grep -rnE --include='*.[ch]' "/\*+ *($openings)\>" "${folders[@]}"
    [ $? != 2 ]
}

# "X is not a Y" is understood at once, "X is no Y" is read twice.
is_no() {
    grep -rnE --include='*.c' '"[^"]*\b(is|are) no [a-z]' "${folders[@]}" |
        grep -vE 'there (is|are) no |(is|are) no (longer|more)'
    [ "${PIPESTATUS[0]}" != 2 ]
}

check 'comments begin with a subject' without_subject
check 'messages say "is not a"' is_no
finish
