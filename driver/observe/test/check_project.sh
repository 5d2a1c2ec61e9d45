#!/bin/sh
# check_project.sh - what only the WDK's build and Windows itself would find of the two drivers: that their projects name every
# source, sign as their tools want and give the file a version; that the INF names what the project makes and what the code
# calls it; that callbacks are declared with their roles; and that the filter has an altitude of its group.
. ../test/check.sh
. ../test/role.sh

# project FOLDER NAME LIBRARY
project() {
    folder=../$1
    file=$folder/$2.vcxproj
    sources=$(sed -n 's/.*ClCompile Include="\([^"]*\)".*/\1/p' "$file" | tr '\\' '/' | sort)
    expected=$( (cd "$folder" && ls ./*.c | sed 's|^\./||'
        for shared in observer.c settings.c; do echo "../observe/$shared"; done
        for shared in event_filter.c utf8.c device.c; do echo "../kernel/$shared"; done) | sort)
    [ "$sources" = "$expected" ]
    check $? "$file compiles what is there: $sources / $expected"
    grep -q '<FileDigestAlgorithm>SHA256</FileDigestAlgorithm>' "$file" && grep -q "<TargetName>$2</TargetName>" "$file"
    check $? "$file signs with a digest that is named, and makes $2.sys"
    grep -q "wdmsec.lib;$3;" "$file"
    check $? "$file links against $3"
    grep -q VERSIONINFO "$folder/$2.rc" && grep -q "\"$2.sys\"" "$folder/$2.rc" && grep -q "ResourceCompile Include=\"$2.rc\"" "$file"
    check $? "$file gives its file a version"
    grep -q "Inf Include=\"$2.inf\"" "$file" && grep -q "^AddService = $2, , " "$folder/$2.inf" &&
        grep -qE "^ServiceBinary +=.*$2\.sys$" "$folder/$2.inf" && grep -qE '^StartType +=.* 3 ' "$folder/$2.inf"
    check $? "$2.inf installs it, to be started on demand"
    grep -qE "define RV_(NETWORK|FILE)_LOGGER \"$2\"" ../include/ringview/kernel_drivers.h
    check $? "$2 is what it is called where it logs"
}

project network ringview-net fwpkclnt.lib
project file ringview-file fltMgr.lib

# The shared sources once: those that the Makefile tests.
for shared in observer.c settings.c; do
    grep -qE "^SHARED := .*\b$shared" Makefile
    check $? "$shared is tested"
done
[ "$(ls ./*.c | wc -l)" -eq 2 ]
check $? 'every shared source is in both projects'

for file in ./*.c ../network/*.c ../file/*.c; do
    role DRIVER_DISPATCH "$file" $(grep -oE 'MajorFunction\[[A-Z_]+\] = [a-z_]+' "$file" | sed 's/.*= //' | sort -u)
    role DRIVER_UNLOAD "$file" $(grep -oE 'DriverUnload = [a-z_]+' "$file" | sed 's/.*= //' | sort -u)
done
grep -q 'DRIVER_INITIALIZE DriverEntry;' ../network/entry.c && grep -q 'DRIVER_INITIALIZE DriverEntry;' ../file/entry.c
check $? 'DriverEntry is declared as one'

# fltkernel.h has to come before ntddk.h, which nearly every other header brings.
for file in ../file/*.c; do
    first=$(grep -m1 '^#include' "$file" | sed 's/.*"\(.*\)"/\1/')
    [ "$first" = flt.h ] || [ "$(grep -m1 '^#include' "../file/$first" | sed 's/.*"\(.*\)"/\1/')" = flt.h ]
    check $? "$file includes the filter manager first"
done

altitude=$(sed -n 's/.*"Altitude".*"\([0-9.]*\)"$/\1/p' ../file/ringview-file.inf)
[ "${altitude%.*}" -ge 360000 ] && [ "${altitude%.*}" -le 389999 ]
check $? "altitude $altitude is one of FSFilter Activity Monitor"
grep -q '^LoadOrderGroup = "FSFilter Activity Monitor"' ../file/ringview-file.inf
check $? 'and so is its group'
grep -qE '^ServiceType +=.* 2 ' ../file/ringview-file.inf && grep -qE '^Dependencies +=.*FltMgr' ../file/ringview-file.inf
check $? 'it is a file system driver that needs the filter manager'

# They only look: nothing of what would change, hold up or answer an operation is in the sources.
! grep -nE 'FWP_ACTION_(BLOCK|PERMIT)|FLAG_ABSORB|CALLOUT_(TERMINATING|UNKNOWN)|FwpsPendOperation|FwpsFlowAssociate' ../network/*.[ch]
check $? 'ringview-net decides nothing and holds nothing'
! grep -nE 'FLT_PREOP_(PENDING|COMPLETE|SYNCHRONIZE|DISALLOW)|MORE_PROCESSING|FltSetCallbackDataDirty|FltCompletePended|FltCancelFileOpen' ../file/*.[ch]
check $? 'ringview-file changes nothing and holds nothing'

report
