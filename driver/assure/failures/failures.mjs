/**
 * Failure injection: the whole driver, its Windows sources included, built on a shim of the WDK in which each call that
 * can fail fails once in turn. And the same with a few unwinding steps removed, which it must find.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, DRIVER, HERE } from '../lib/context.mjs';
import { patched } from '../lib/patch.mjs';
import { must, pool, run } from '../lib/process.mjs';

/** @type {readonly { file: string, says: string, patch: readonly [string, string] }[]} */
const MUTANTS = [
  {
    file: 'kernel/capture_session.c',
    says: 'the slots of a session are not given back',
    patch: ['    rv_free(session->slots);\n', ''],
  },
  {
    file: 'kernel/mapping.c',
    says: 'locked pages stay locked',
    patch: ['MmUnlockPages(mapping->mdl);', '(void)mapping->mdl;'],
  },
  {
    file: 'kernel/reader.c',
    says: 'views stay when not all could be made',
    patch: [
      '    if (!NT_SUCCESS(status)) {\n        rv_reader_detach(reader);\n        return status;',
      '    if (!NT_SUCCESS(status)) {\n        return status;',
    ],
  },
  {
    file: 'kernel/event_captures.c',
    says: 'the registry stays on when handles fail',
    patch: ['NT_SUCCESS(status) ? ~mask : ~before', 'NT_SUCCESS(status) ? ~mask : 0'],
  },
  {
    file: 'kernel/event_captures.c',
    says: 'a capture that goes on ends for a moment when another one fails',
    patch: ['(mask & BY_NOTIFY_ROUTINES) | rv_process_events_mask()', '(mask & BY_NOTIFY_ROUTINES)'],
  },
  {
    file: 'kernel/registry_events.c',
    says: 'the registry is told to a driver that is gone',
    patch: ['(void)call.remove(cookie);', '(void)cookie;'],
  },
  {
    file: 'kernel/registry_events.c',
    says: 'names of keys are not given back',
    patch: ['        call.release_name(path);\n', '        (void)path;\n'],
  },
  {
    file: 'kernel/rundown.c',
    says: 'the path of a program that runs is kept',
    patch: ['                ExFreePool(path);\n', '                (void)path;\n'],
  },
  {
    file: 'kernel/rundown.c',
    says: 'a process that runs cannot go',
    patch: ['    ObDereferenceObject(process);\n', ''],
  },
  {
    file: 'kernel/rundown.c',
    says: 'a list that was too short is kept',
    patch: ['        rv_free(*memory);\n', ''],
  },
  {
    file: 'kernel/handle_events.c',
    says: 'handles are told to a driver that is gone',
    patch: ['        call.remove(registration);\n', ''],
  },
  {
    file: 'kernel/process_events.c',
    says: 'the token of a process is kept',
    patch: ['        ask.dereference_token(token);\n', ''],
  },
  {
    file: 'kernel/process_events.c',
    says: 'a routine of all subsystems is taken back as one of Win32',
    patch: [
      'return set_subsystems == NULL ? PsSetCreateProcessNotifyRoutineEx(on_process, TRUE)',
      'return true ? PsSetCreateProcessNotifyRoutineEx(on_process, TRUE)',
    ],
  },
  {
    file: 'kernel/control.c',
    says: 'a filter is not looked at',
    patch: ['!rv_ioctl_check_event_filter(request)', 'false'],
  },
  {
    file: 'kernel/capture_session.c',
    says: 'a session that cannot be built is forgotten',
    patch: [
      '    NTSTATUS status = create_memory(session);\n    if (!NT_SUCCESS(status)) {\n        rv_capture_session_destroy(session);\n',
      '    NTSTATUS status = create_memory(session);\n    if (!NT_SUCCESS(status)) {\n',
    ],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'the device stays when it gets no link',
    patch: ['        IoDeleteDevice(*device);\n        *device = NULL;\n', '        *device = NULL;\n'],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'DbgPrint is silent after sleep',
    patch: ['    power_watched = rv_power_watch(control_device, rv_control_resumed);\n    if (names', '    if (names'],
  },
  {
    file: 'kernel/power.c',
    says: 'the work item stays when there is nothing to be told by',
    patch: ['    IoFreeWorkItem(item);\n    item = NULL;\n    return false;', '    item = NULL;\n    return false;'],
  },
  {
    file: 'kernel/dbgprint.c',
    says: 'a line is of who runs when it is shown',
    patch: ['        .thread_given = true,\n', ''],
  },
  {
    file: 'kernel/quiesce.c',
    says: 'a CPU is left out',
    patch: ['for (ULONG cpu = 0; cpu < count; cpu++) {', 'for (ULONG cpu = 1; cpu < count; cpu++) {'],
  },
  {
    file: 'kernel/quiesce.c',
    says: 'the DPC runs on whatever CPU this is',
    patch: ['NT_SUCCESS(KeSetTargetProcessorDpcEx(&dpc, &number))', 'number.Number < 64'],
  },
  {
    file: 'include/ringview/attach.h',
    says: 'an attached driver keeps a file open',
    patch: ['    ObDereferenceObject(file);\n    return status;\n', '    return status;\n'],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'the control device stays when there is none for programs',
    patch: [
      '    remove_link(&control_link);\n    IoDeleteDevice(control_device);\n    control_device = NULL;\nno_device',
      '    remove_link(&control_link);\n    control_device = NULL;\nno_device',
    ],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'nobody is told that it comes',
    patch: ['    rv_announce_arrived(control_device);\n', ''],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'nobody is told that it goes',
    patch: ['    rv_announce_leaves(control_device);\n', ''],
  },
  {
    file: 'kernel/device.c',
    says: 'programs may read the device they write to',
    patch: ['(A;;GW;;;AU)', '(A;;GRGW;;;AU)'],
  },
  {
    file: 'kernel/programs.c',
    says: 'a process may write by the handle of another',
    patch: [' || of->process != PsGetCurrentProcess()', ''],
  },
  {
    file: 'kernel/programs.c',
    says: 'a process that went is kept',
    patch: ['    ObDereferenceObject(of->process);\n', ''],
  },
  {
    file: 'kernel/programs.c',
    says: 'a batch is not looked at',
    patch: [' || !rv_batch_check(batch, bytes)', ''],
  },
  {
    file: 'kernel/control.c',
    says: 'the shares of programs stay when there is no session',
    patch: ['        rv_programs_stop();\n        RV_CHECK', '        RV_CHECK'],
  },
  {
    file: 'kernel/control.c',
    says: 'a stopped session leaves the doors open',
    patch: ['    rv_links_pause();\n', ''],
  },
  {
    file: 'kernel/control.c',
    says: 'a new session leaves the doors closed',
    patch: ['    rv_links_resume();\n', ''],
  },
  {
    file: 'kernel/programs.c',
    says: 'a user takes all places',
    patch: ['        if (!may_take(user)) {\n            return STATUS_QUOTA_EXCEEDED;\n        }\n', ''],
  },
  {
    file: 'kernel/user.c',
    says: 'the token of a process is kept',
    patch: ['    PsDereferencePrimaryToken(token);\n', ''],
  },
  {
    file: 'kernel/user.c',
    says: 'what says whose a process is is kept',
    patch: ['    ExFreePool(answer);\n', ''],
  },
  {
    file: 'kernel/user.c',
    says: 'all users are one',
    patch: ['*user = number_of(sid, RtlLengthSid(sid));', '*user = number_of(sid, 0);'],
  },
  {
    file: 'kernel/capture_session.c',
    says: 'losses by quota are left out of the causes',
    patch: ['        statistics->lost_quota += rv_load(&producer->lost_quota);\n', ''],
  },
  {
    file: 'kernel/boot.c',
    says: 'the key of the parameters stays open',
    patch: ['        (void)ZwClose(parameters);\n', ''],
  },
  {
    file: 'kernel/boot.c',
    says: 'the list of memory is kept',
    patch: ['    ExFreePool(ranges);\n', ''],
  },
  {
    file: 'kernel/boot.c',
    says: 'a registry that cannot be read is one that says nothing',
    patch: [
      '        } else if (!is_absent(status)) {\n            plan->failed |= RV_BOOT_REGISTRY;\n',
      '        } else if (!is_absent(status)) {\n            plan->set = 15;\n',
    ],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'what was refused while the system booted is not tried again',
    patch: ['        IoRegisterBootDriverReinitialization(driver, boot_is_over, NULL);\n', ''],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'a link that cannot be made yet ends the boot of the driver',
    patch: ['!NT_SUCCESS(status) && booting', 'false'],
  },
  {
    file: 'kernel/dispatch.c',
    says: 'statistics are answered by their whole length to who asks for less',
    patch: ['output_bytes < sizeof all ? output_bytes : (uint32_t)sizeof all', '(uint32_t)sizeof all'],
  },
  {
    file: 'kernel/control.c',
    says: 'captures that were refused while the system booted stay off',
    patch: ['        begin_captures();\n    }\n    rv_lock_release', '    }\n    rv_lock_release'],
  },
  {
    file: 'kernel/control.c',
    says: 'rings for which there is no memory are not asked for',
    patch: ['    began.failed |= RV_BOOT_RING_BYTES;\n', ''],
  },
  {
    file: 'kernel/bugcheck.c',
    says: 'a dump of a system that lives on fills what is for its crash',
    patch: ['(dump->Flags & TRIAGE_DUMP_OF_CRASH) == 0', 'false'],
  },
];

/** Those of Wine and the tests lie in folders of their own. @param {string} file */
const isSource = (file) => file.endsWith('.c');

const FLAGS = [
  ...['-std=gnu11', '-Wall', '-Wextra', '-Wno-unused-function', '-g', '-O1', '-fshort-wchar', '-DRV_KERNEL'],
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

/** The sources of the driver, of the system it is given and of the injection, by their places below driver/. */
const SOURCES = [
  'assure/failures/failures.c',
  ...['kernel', 'ring', 'shim'].flatMap((room) =>
    readdirSync(join(DRIVER, room))
      .filter(isSource)
      .map((file) => `${room}/${file}`),
  ),
];

/** @param {string} source */
const objectName = (source) => `${source.replaceAll('/', '-')}.o`;

/**
 * Compiles sources, so many at once, and returns their objects by source.
 * @param {string} root holds kernel/, ring/, include/ and shim/
 * @param {readonly string[]} sources
 * @param {string} to the folder for the objects
 * @param {number} width
 */
async function compile(root, sources, to, width) {
  const objects = await pool(
    width,
    sources.map((source) => async () => {
      const object = join(to, objectName(source));
      await must('clang', [...FLAGS, `-I${join(root, 'shim', 'wdk')}`, '-c', join(root, source), '-o', object]);
      return object;
    }),
  );
  return new Map(sources.map((source, n) => [source, /** @type {string} */ (objects[n])]));
}

/** @param {Map<string, string>} objects @param {string} program */
async function inject(objects, program) {
  await must('clang', ['-fsanitize=address,undefined', ...objects.values(), '-o', program]);
  return run(program, [], { seconds: 60 });
}

/**
 * Whether the mutant is found. Only what it changes is compiled again: for a header that is everything.
 * @param {(typeof MUTANTS)[number]} mutant @param {string} name @param {Map<string, string>} objects
 */
async function injectMutant(mutant, name, objects) {
  const root = buildDir('failures', name);
  rmSync(root, { recursive: true });
  mkdirSync(join(root, 'assure'), { recursive: true });
  for (const room of ['kernel', 'include']) cpSync(join(DRIVER, room), join(root, room), { recursive: true });
  cpSync(join(HERE, 'failures'), join(root, 'assure', 'failures'), { recursive: true });
  for (const room of ['ring', 'shim']) symlinkSync(join(DRIVER, room), join(root, room));
  const path = join(root, mutant.file);
  writeFileSync(path, patched(path, [mutant.patch]));
  const changed = isSource(mutant.file) ? [mutant.file] : SOURCES;
  const { code } = await inject(
    new Map([...objects, ...(await compile(root, changed, root, 1))]),
    join(root, 'failures'),
  );
  rmSync(root, { recursive: true });
  return code !== 0;
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runFailures(context) {
  const objects = await compile(DRIVER, SOURCES, buildDir('failures', 'objects'), context.width);
  const { code, out } = await inject(objects, join(buildDir('bin'), 'failures'));
  const [, runs = '0', requests = '0'] = /"runs":(\d+).*"requestsFailed":(\d+)/.exec(out) ?? [];
  const found = await pool(
    context.width,
    MUTANTS.map((mutant, n) => () => injectMutant(mutant, `m${n}`, objects)),
  );
  const missed = MUTANTS.filter((_, n) => !found[n]).map((mutant) => `not found: ${mutant.file}: ${mutant.says}`);
  return [
    {
      method: 'Failure injection (driver)',
      explored: `${Number(runs) - 1} calls into the system, each failed once; ${MUTANTS.length} unwinding steps removed`,
      found:
        code === 0
          ? `${requests} requests failed and changed nothing, nothing leaked; ${MUTANTS.length - missed.length} removals found`
          : 'leaks or half-made state',
      ok: code === 0 && missed.length === 0,
      details: [...(code === 0 ? [] : [out.slice(0, 2000)]), ...missed],
    },
  ];
}
