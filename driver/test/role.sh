# role.sh - the claim that a callback is declared with its role, so that code analysis knows what it may do. To be sourced,
# behind check.sh.

# role ROLE FILE NAME...: each name is declared with that role, in the file or in a header of this folder.
role() {
    type=$1
    file=$2
    shift 2
    for name in "$@"; do
        grep -qE "^(static )?$type ([a-z_]+, )*$name(, [a-z_]+)*;" "$file" ./*.h
        check $? "$file: $name is declared as $type"
    done
}
