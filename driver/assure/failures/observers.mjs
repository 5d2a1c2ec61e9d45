/**
 * Failure injection into the drivers of network and file events: their host tests (driver/observe/test), in which each call that
 * can fail fails once in turn. And the same with steps of the drivers removed, which the tests must find.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, DRIVER } from '../lib/context.mjs';
import { patched } from '../lib/patch.mjs';
import { must, pool, run } from '../lib/process.mjs';

/** @typedef {{ file: string, says: string, patch: readonly [string, string] }} Mutant */

/** @type {readonly Mutant[]} */
const NETWORK = [
  {
    file: 'network/engine.c',
    says: 'a session without filters stays open',
    patch: ['        if (!NT_SUCCESS(status)) {\n            close_session();\n        }\n', ''],
  },
  {
    file: 'network/engine.c',
    says: 'a transaction that failed goes on',
    patch: ['        (void)FwpmTransactionAbort0(engine);\n', ''],
  },
  {
    file: 'network/engine.c',
    says: 'an engine that died is not noticed',
    patch: [
      'state == FWPM_SERVICE_STOP_PENDING || state == FWPM_SERVICE_STOPPED',
      'state == FWPM_SERVICE_STOP_PENDING',
    ],
  },
  {
    file: 'network/engine.c',
    says: 'the filters stay in the system',
    patch: ['    wanted.flags = FWPM_SESSION_FLAG_DYNAMIC;\n', ''],
  },
  {
    file: 'network/engine.c',
    says: 'filters that decide',
    patch: ['FWP_ACTION_CALLOUT_INSPECTION', 'FWP_ACTION_CALLOUT_TERMINATING'],
  },
  {
    file: 'network/engine.c',
    says: 'the subscription is given back under the lock that its callback waits for',
    patch: [
      '    (void)FwpmBfeStateUnsubscribeChanges0(subscription);\n    rv_lock_take(&lock);\n',
      '    rv_lock_take(&lock);\n    (void)FwpmBfeStateUnsubscribeChanges0(subscription);\n',
    ],
  },
  {
    file: 'network/callouts.c',
    says: 'a callout permits',
    patch: ['out->actionType = FWP_ACTION_CONTINUE', 'out->actionType = FWP_ACTION_PERMIT'],
  },
  {
    file: 'network/callouts.c',
    says: 'a callout decides without the right to',
    patch: ['out != NULL && (out->rights & FWPS_RIGHT_ACTION_WRITE) != 0', 'out != NULL'],
  },
  {
    file: 'network/callouts.c',
    says: 'callouts stay when one is refused',
    patch: ['            rv_callouts_unregister();\n            return status;', '            return status;'],
  },
  {
    file: 'network/callouts.c',
    says: 'a busy callout is left registered',
    patch: ['status == STATUS_DEVICE_BUSY || status == STATUS_FWP_IN_USE', 'status == STATUS_FWP_IN_USE'],
  },
  {
    file: 'network/callouts.c',
    says: 'closes that nobody saw leave their endpoints',
    patch: ['            closes_missed = 1;\n', ''],
  },
  {
    file: 'network/entry.c',
    says: 'callouts go while filters lead to them',
    patch: [
      '    rv_engine_stop();\n    rv_callouts_unregister();\n    rv_observer_stop();\n}',
      '    rv_callouts_unregister();\n    rv_engine_stop();\n    rv_observer_stop();\n}',
    ],
  },
  {
    file: 'network/entry.c',
    says: 'a driver that does not start leaves its device',
    patch: [
      '    if (!NT_SUCCESS(status)) {\n        rv_observer_stop();\n        return status;',
      '    if (!NT_SUCCESS(status)) {\n        return status;',
    ],
  },
  { file: 'network/flow.c', says: 'values that are not there', patch: [' || field >= values->valueCount', ''] },
  {
    file: 'network/flow.c',
    says: 'values of another type',
    patch: ['\n        values->incomingValue[field].value.type != type', '\n        (type == FWP_EMPTY && field == 0)'],
  },
  { file: 'network/flow.c', says: 'blobs without data', patch: ['blob == NULL || blob->data == NULL', 'blob == NULL'] },
  {
    file: 'observe/observer.c',
    says: 'settings are not looked at',
    patch: ['input_bytes != 0 && !rv_observe_check_settings(buffer, driver_names->known)', 'false'],
  },
  {
    file: 'observe/observer.c',
    says: 'the device stays when nobody can be watched for',
    patch: ['        rv_attach_unwatch(&watch);\n        delete_device();\n', '        rv_attach_unwatch(&watch);\n'],
  },
];

/** @type {readonly Mutant[]} */
const FILE = [
  {
    file: 'file/paths.c',
    says: 'a name is not given back',
    patch: ['    FltReleaseFileNameInformation(name);\n', ''],
  },
  {
    file: 'file/paths.c',
    says: 'paging I/O asks for a name',
    patch: ['irql != PASSIVE_LEVEL || is_paging(data)', 'irql != PASSIVE_LEVEL'],
  },
  {
    file: 'file/paths.c',
    says: 'a name is asked for at any level',
    patch: ['irql != PASSIVE_LEVEL || is_paging(data)', 'is_paging(data)'],
  },
  {
    file: 'file/paths.c',
    says: 'a path is looked for above APC_LEVEL',
    patch: ['objects->FileObject == NULL || irql > APC_LEVEL', 'objects->FileObject == NULL'],
  },
  {
    file: 'file/paths.c',
    says: 'the path of a rival is kept twice',
    patch: ['!NT_SUCCESS(status) && other != NULL', 'false'],
  },
  {
    file: 'file/paths.c',
    says: 'paths without bound',
    patch: ['InterlockedIncrement(&paths) > RV_PATHS', 'InterlockedIncrement(&paths) < 0'],
  },
  {
    file: 'file/paths.c',
    says: 'what could not be asked just now is never asked again',
    patch: ['path != NULL && !later', 'path != NULL'],
  },
  {
    file: 'file/operations.c',
    says: 'a path is not given back',
    patch: ['    } else {\n        rv_path_release(path);\n    }\n', '    }\n'],
  },
  {
    file: 'file/operations.c',
    says: 'the new name is not given back',
    patch: ['    if (new_name != NULL) {\n        FltReleaseFileNameInformation(new_name);\n    }\n', ''],
  },
  {
    file: 'file/operations.c',
    says: 'an operation that ended keeps its memory',
    patch: ['    ExFreeToNPagedLookasideList(&operations, begun);\n', ''],
  },
  {
    file: 'file/operations.c',
    says: 'an operation that is drained has ended',
    patch: ['(flags & FLTFL_POST_OPERATION_DRAINING) != 0', 'flags > FLTFL_POST_OPERATION_DRAINING'],
  },
  {
    file: 'file/operations.c',
    says: 'a path is kept beside a file that was not opened',
    patch: [
      'begun->path != NULL && NT_SUCCESS(status) && status != STATUS_REPARSE',
      'begun->path != NULL && NT_SUCCESS(status)',
    ],
  },
  {
    file: 'file/operations.c',
    says: 'an operation is reported twice where there is no fast way',
    patch: ['status != STATUS_FLT_DISALLOW_FAST_IO', 'status != STATUS_UNSUCCESSFUL + 1'],
  },
  {
    file: 'file/operations.c',
    says: 'the reader is reported',
    patch: ['!rv_observer_wants_process(pid)', 'pid == 0xffffffffu'],
  },
  {
    file: 'file/operations.c',
    says: 'opening a paging file waits for memory',
    patch: ['(request->OperationFlags & SL_OPEN_PAGING_FILE) == 0', 'true'],
  },
  {
    file: 'file/entry.c',
    says: 'a filter that does not start stays registered',
    patch: ['        if (!NT_SUCCESS(status)) {\n            FltUnregisterFilter(filter);\n        }\n', ''],
  },
  {
    file: 'file/entry.c',
    says: 'the device goes while a client has it open',
    patch: ['(flags & FLTFL_FILTER_UNLOAD_MANDATORY) == 0 && rv_observer_is_open()', 'false'],
  },
  {
    file: 'file/request.c',
    says: 'a new name is longer than its buffer',
    patch: ['rename->FileNameLength > bytes - head', 'rename->FileNameLength > 0x10000000u'],
  },
  {
    file: 'file/request.c',
    says: 'a deletion is read behind its buffer',
    patch: ['bytes >= sizeof(FILE_DISPOSITION_INFORMATION_EX)', 'bytes >= 1'],
  },
];

const FLAGS = [
  ...['-std=gnu11', '-Wall', '-Wextra', '-Wno-unused-function', '-Wno-unknown-pragmas', '-g', '-O1', '-fshort-wchar'],
  ...['-DRV_KERNEL', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

/** The C files of a folder below driver/, by their places. @param {string} folder */
const filesOf = (folder) =>
  readdirSync(join(DRIVER, folder))
    .filter((file) => file.endsWith('.c'))
    .map((file) => `${folder}/${file}`);

/** What both have: the shared half, the system, and the list of attachments of ringview.sys. */
const SHARED = [
  ...filesOf('observe'),
  ...filesOf('shim'),
  ...['event_filter', 'utf8', 'device', 'links', 'loggers', 'ioctl_check'].map((name) => `kernel/${name}.c`),
  ...['ring/session.c', 'shim/observed/ringview.c'],
];

const DRIVERS = [
  {
    name: 'network',
    sources: [...SHARED, ...filesOf('network'), 'shim/observed/filter_engine.c', 'observe/test/network_test.c'],
    mutants: NETWORK,
  },
  {
    name: 'file',
    sources: [
      ...SHARED,
      ...filesOf('file'),
      'shim/observed/filter_manager.c',
      'shim/observed/filter_contexts.c',
      'observe/test/file_test.c',
    ],
    mutants: FILE,
  },
];

/** @param {string} root @param {string} source @param {string} to */
async function compile(root, source, to) {
  const object = join(to, `${source.replaceAll('/', '-')}.o`);
  await must('clang', [...FLAGS, `-I${join(root, 'shim', 'wdk')}`, '-c', join(root, source), '-o', object]);
  return object;
}

/** @param {readonly string[]} objects @param {string} program */
async function test(objects, program) {
  await must('clang', ['-fsanitize=address,undefined', ...objects, '-o', program]);
  return run(program, [], { seconds: 60 });
}

/** Whether the tests find it. @param {Mutant} mutant @param {string} name @param {Map<string, string>} objects */
async function isFound(mutant, name, objects) {
  const root = buildDir('failures', name);
  rmSync(root, { recursive: true });
  mkdirSync(root, { recursive: true });
  const [room = ''] = mutant.file.split('/');
  for (const other of ['include', 'kernel', 'ring', 'shim', 'observe', 'network', 'file']) {
    if (other === room) cpSync(join(DRIVER, room), join(root, room), { recursive: true });
    else symlinkSync(join(DRIVER, other), join(root, other));
  }
  const path = join(root, mutant.file);
  writeFileSync(path, patched(path, [mutant.patch]));
  const changed = await compile(root, mutant.file, root);
  const { code } = await test([...new Map([...objects, [mutant.file, changed]]).values()], join(root, 'test'));
  rmSync(root, { recursive: true });
  return code !== 0;
}

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Promise<import('../lib/context.mjs').Row[]>}
 */
export async function runObservers(context) {
  const to = buildDir('failures', 'observers');
  const sources = [...new Set(DRIVERS.flatMap((driver) => driver.sources))];
  const compiled = await pool(
    context.width,
    sources.map((source) => () => compile(DRIVER, source, to)),
  );
  const all = new Map(sources.map((source, n) => [source, /** @type {string} */ (compiled[n])]));
  const rows = [];
  for (const { name, sources: own, mutants } of DRIVERS) {
    const objects = new Map(own.map((source) => [source, /** @type {string} */ (all.get(source))]));
    const { code, out } = await test([...objects.values()], join(to, name));
    const [, calls = '0'] = /(\d+) calls into the system/.exec(out) ?? [];
    const [, passed = '0'] = /(\d+) passed, 0 failed/.exec(out) ?? [];
    const found = await pool(
      context.width,
      mutants.map((mutant, n) => () => isFound(mutant, `${name}${n}`, objects)),
    );
    const missed = mutants.filter((_, n) => !found[n]).map((mutant) => `not found: ${mutant.file}: ${mutant.says}`);
    rows.push({
      method: `Failure injection (${name} events)`,
      explored: `${calls} calls into the system, each failed once; ${mutants.length} steps removed or changed`,
      found:
        code === 0
          ? `${passed} checks hold, nothing leaked; ${mutants.length - missed.length} removals found`
          : 'leaks or half-made state',
      ok: code === 0 && calls !== '0' && missed.length === 0,
      details: [...(code === 0 ? [] : [out.slice(0, 2000)]), ...missed],
    });
  }
  return rows;
}
