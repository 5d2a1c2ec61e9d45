#!/bin/sh
# check_project.sh - what only the WDK's build would find: that its project files, and the list for those who embed the rings,
# name every source; that they sign as its tools want, and give the file a version; that each callback is declared with its
# role, so that code analysis knows what it may do; and that no parameter that is read is declared as one that is only written.
. ../test/check.sh
. ../test/role.sh

# Names of the C files that a project compiles, without folders.
sources() {
    sed -n 's/.*ClCompile Include="\([^"]*\)".*/\1/p' "$1" | sed 's/.*\\//' | sort
}

same() {
    [ "$1" = "$2" ]
    check $? "$3: $1 / $2"
}

here=$(ls ./*.c ../ring/*.c | sed 's|.*/||' | grep -v '^fault\.c$' | sort)
same "$(sources ringview.vcxproj)" "$here" 'ringview.vcxproj compiles what is there'
same "$(sources ../sample/sample-embedded.vcxproj)" \
    "$( (echo "$here" | grep -v '^entry\.c$'; printf '%s\n' logger_embed.c sample.c workload.c) | sort)" \
    'sample-embedded.vcxproj compiles the rings and the sample'

same "$(sed -n '/^    driver\/ring\//,/^    header/p' ../README.md | grep -oE '[a-z0-9_]+\.c( |,|$)' | tr -d ' ,' | sort)" \
    "$(echo "$here" | grep -v '^entry\.c$')" 'README.md names what a driver adds that embeds the rings'

# What carries the rings carries what Microsoft's compiler has no instruction for, and an assembler for it.
for project in ringview.vcxproj ../sample/sample-embedded.vcxproj; do
    grep -q 'MASM Include="..\\ring\\local_x64.asm"' "$project" && grep -q 'masm.props' "$project" && grep -q 'masm.targets' "$project"
    check $? "$project assembles local_x64.asm"
done

for project in ringview.vcxproj ../sample/sample.vcxproj ../sample/sample-embedded.vcxproj; do
    grep -q '<FileDigestAlgorithm>SHA256</FileDigestAlgorithm>' "$project"
    check $? "$project signs with a digest that is named"
    resource=$(sed -n 's/.*ResourceCompile Include="\([^"]*\)".*/\1/p' "$project")
    [ -n "$resource" ] && grep -q VERSIONINFO "$(dirname "$project")/$resource"
    check $? "$project gives its file a version"
done

for file in ./*.c ../sample/*.c; do
    role KDEFERRED_ROUTINE "$file" $(grep -oE 'KeInitializeDpc\([^,]+, [a-z_]+' "$file" | sed 's/.*, //' | sort -u)
    role DRIVER_DISPATCH "$file" $(grep -oE 'MajorFunction\[[A-Z_]+\] = [a-z_]+' "$file" | sed 's/.*= //' | sort -u)
    role DRIVER_UNLOAD "$file" $(grep -oE 'DriverUnload = [a-z_]+' "$file" | sed 's/.*= //' | sort -u)
    role DRIVER_REINITIALIZE "$file" $(grep -oE 'BootDriverReinitialization\([a-z]+, [a-z_]+' "$file" | sed 's/.*, //' | sort -u)
    role CALLBACK_FUNCTION "$file" $(grep -oE 'ExRegisterCallback\([a-z]+, [a-z_]+' "$file" | sed 's/.*, //' | sort -u)
    role IO_WORKITEM_ROUTINE "$file" $(grep -oE 'IoQueueWorkItem\([a-z]+, [a-z_]+' "$file" | sed 's/.*, //' | sort -u)
done
role EX_CALLBACK_FUNCTION registry_events.c on_registry
role KBUGCHECK_REASON_CALLBACK_ROUTINE bugcheck.c add_pages add_blocks
role IO_CSQ_INSERT_IRP notify.c insert_wait
role IO_CSQ_REMOVE_IRP notify.c remove_wait
role IO_CSQ_PEEK_NEXT_IRP notify.c next_wait
role IO_CSQ_ACQUIRE_LOCK notify.c lock_waits
role IO_CSQ_RELEASE_LOCK notify.c unlock_waits
role IO_CSQ_COMPLETE_CANCELED_IRP notify.c complete_cancelled
for name in on_process on_thread on_image; do
    grep -B1 "$name(" process_events.c | grep -q _Function_class_
    check $? "process_events.c: $name says what it is"
done
grep -q 'RV_RAISES_IRQL static inline rv_pin rv_pin_cpu' ../ring/platform.h
check $? 'the function that raises IRQL says so'

# What a comment calls zeroed memory is read: _Inout_.
! grep -nE '_Out_ rv_(mapping|region|reader) ' ./*.h
check $? 'what is read is not declared as written only'

report
