#!/bin/sh
# check_golden.sh FRESH COMMITTED - the committed golden images are what the ring writes today, byte for byte, and none is
# missing or left over.
fresh=$1
committed=$2
. "$(dirname "$0")/check.sh"

for image in "$fresh"/*.bin; do
    name=$(basename "$image" .bin)
    gzip -dc "$committed/$name.bin.gz" 2>/dev/null | cmp -s - "$image"
    check $? "$name.bin.gz differs from what the ring writes; if that is meant, run make golden"
    cmp -s "$committed/$name.json" "$fresh/$name.json"
    check $? "$name.json differs; if that is meant, run make golden"
done
for image in "$committed"/*.bin.gz; do
    name=$(basename "$image" .bin.gz)
    [ -f "$fresh/$name.bin" ]
    check $? "$name.bin.gz is no longer written"
done

report
