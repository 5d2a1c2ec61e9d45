/**
 * Small ways to break the parts of driver/kernel that its host tests are about. Patches as in mutants.mjs: each text must
 * occur exactly once.
 *
 * `test` is the program of driver/kernel that must find it.
 */

/** @typedef {{ test: 'pure_test' | 'ioctl_test' | 'links_test' | 'write_test' | 'boot_test' | 'filter_test', file: string, says: string, patch: readonly (readonly [string, string])[] }} KernelMutant */

/**
 * Mutants of one file, each of one patch. @param {KernelMutant['test']} test @param {string} file
 * @returns {(says: string, from: string, to: string) => KernelMutant}
 */
const of = (test, file) => (says, from, to) => ({ test, file, says, patch: [[from, to]] });

const lines = of('pure_test', 'dbgprint_lines.c');
const names = of('pure_test', 'utf8.c');
const dumps = of('pure_test', 'crash_pages.c');
const requests = of('ioctl_test', 'ioctl_check.c');
const links = of('links_test', 'links.c');
const loggers = of('links_test', 'loggers.c');
const batches = of('write_test', 'batch.c');
const quotas = of('write_test', 'quota.c');
const boots = of('boot_test', 'boot_values.c');
const filters = of('filter_test', 'event_filter.c');

/** @type {readonly KernelMutant[]} */
export const KERNEL_MUTANTS = [
  filters(
    'a filter that is replaced meanwhile is half of each',
    'return rv_load32(&filter->generation) != generation;',
    'return false;',
  ),
  filters('the rules in force are written to', 'filter->rules[next % 2]', 'filter->rules[(next + 1) % 2]'),
  filters(
    'a list without entries may include',
    '(mode == RV_FILTER_ALL) == (count == 0)',
    '(mode != RV_FILTER_ALL || count == 0)',
  ),
  filters('a mode that does not exist is taken', 'mode <= RV_FILTER_EXCLUDE && ', ''),
  filters('something lies behind the processes', 'if (request->pids[i] != 0) {', 'if (request->pids[i] == 77) {'),
  filters(
    'something lies behind a part',
    '(path->text[i] != 0) != (i < path->units)',
    'path->text[i] == 0 && i < path->units',
  ),
  filters('what is reserved is not looked at', 'path->reserved != 0 || ', ''),
  filters('a part that fits later is missed', 'rv_load32(&text[at - 1]) >> 16;', 'rv_load32(&text[at - 1]) >> 17;'),
  filters('all of a path is begun anew', 'at = shorter < at ? shorter : at - 1;', 'at = 0;'),
  filters('a part does not begin within itself', 'rv_store32(&text[i], c | begin << 16);', 'rv_store32(&text[i], c);'),
  filters('include and exclude are the same', 'fits == (mode == RV_FILTER_INCLUDE)', 'fits'),
  filters(
    'the last process is left out',
    'for (uint32_t i = 0; i < request->pid_count; i++)',
    'for (uint32_t i = 1; i < request->pid_count; i++)',
  ),
  filters(
    'the case of a path counts',
    'at = step(text, at, fold(((const volatile uint16_t *)piece)[i]));',
    'at = step(text, at, piece[i]);',
  ),
  {
    // Either of the two would do for one CPU; the second is for a slot that changes hands between a look at it and holding it.
    test: 'pure_test',
    file: 'dbgprint_lines.c',
    says: 'lines of several threads join',
    patch: [
      ['rv_load(&slot->owner) != key->thread + 1 || ', ''],
      ['a->thread == b->thread && ', ''],
    ],
  },
  lines('lines of several components join', 'a->component == b->component && ', ''),
  lines('lines of several levels join', ' && a->level == b->level', ''),
  lines('every line of a cut text is marked', 'bool truncated = cut && used == length;', 'bool truncated = cut;'),
  lines('no line of a cut text is marked', 'bool truncated = cut && used == length;', 'bool truncated = false;'),
  lines(
    'only what fills the whole buffer was cut',
    'length >= RV_DBGPRINT_CUT_BYTES',
    'length > RV_DBGPRINT_CUT_BYTES',
  ),
  lines('510 bytes were cut', 'length >= RV_DBGPRINT_CUT_BYTES', 'length + 1 >= RV_DBGPRINT_CUT_BYTES'),
  lines('what has no line end was cut', "RV_DBGPRINT_CUT_BYTES && text[length - 1] == '\\n'", 'RV_DBGPRINT_CUT_BYTES'),
  lines(
    'a cut line that waited is not marked',
    'emit_slot(slot, truncated, sink, context);',
    'emit_slot(slot, false, sink, context);',
  ),
  lines('a CR stays', "line.text[line.length - 1] == '\\r'", "line.text[line.length - 1] == '\\0'"),
  lines('an empty line is dropped', '        line.text = " ";\n        line.length = 1;\n', '        return;\n'),
  lines('the newest line makes room', 'slot->time < taken->time', 'slot->time > taken->time'),
  lines('who takes a slot takes the name of who had it', '    taken->key = *from->key;\n', ''),
  lines('who takes a slot takes the process of who had it', '    taken->writer = from->writer;\n', ''),
  lines('a line begins when the one before it did', '    taken->begun = from->time;\n', ''),
  lines(
    'a line is of the process of its last piece',
    '    slot->time = from->time;\n',
    '    slot->time = from->time;\n    slot->writer = from->writer;\n',
  ),
  lines(
    'a line begins with its last piece',
    '    slot->time = from->time;\n',
    '    slot->time = slot->begun = from->time;\n',
  ),
  lines('a slot in use is used', 'return rv_cas(&slot->held, 0, 1);', 'slot->held = 1;\n    return true;'),
  lines('a slot is never let go', 'rv_store_release(&slot->held, 0);', '(void)slot;'),
  lines('a line that is shown stays', '    slot->length = 0;\n    rv_store(&slot->owner, 0);\n', ''),
  lines('all threads have the same slots', '(hash + probe) & (RV_LINE_SLOTS - 1)', 'probe'),
  lines('the age of a line is that of its first piece', 'slot->time <= time', 'slot->begun <= time'),
  lines('a flush leaves what is just old enough', 'slot->time <= time', 'slot->time < time'),
  lines('a flush takes all', 'slot->length != 0 && slot->time <= time', 'slot->length != 0 && slot->time + time'),
  lines(
    'the first piece of a long line is lost',
    '            from->sink(from->context, &line);\n',
    '            (void)line;\n',
  ),
  lines(
    'pieces of a long line are marked cut',
    'rv_line line = line_of(slot, false);',
    'rv_line line = line_of(slot, true);',
  ),

  names('a high surrogate alone begins a pair', 'low >= 0xdc00 && ', ''),
  names('a pair at the very beginning is none', 'end >= 2 &&', 'end > 2 &&'),
  names('two low surrogates are a pair', ' && from[end - 2] < 0xdc00', ''),
  names('U+0800 in two bytes', 'c < 0x800 ?', 'c <= 0x800 ?'),
  names('U+0080 in one byte', 'c < 0x80 ?', 'c <= 0x80 ?'),
  names('the last private plane in three bytes', 'c < 0x10000 ? 3 : 4', 'c < 0x110000 ? 3 : 4'),
  names('a byte of the buffer is never used', 'need > at', 'need >= at'),
  names('U+E000 is taken for a surrogate', 'low > 0xdfff', 'low > 0xe000'),

  dumps(
    'a ring takes all that is asked for',
    '    }\n    return share < ring_bytes ? share : ring_bytes;',
    '    }\n    return ring_bytes;',
  ),
  dumps(
    'in a small dump a ring takes all that is asked for',
    ': 0;\n    return share < ring_bytes ? share : ring_bytes;',
    ': 0;\n    return share;',
  ),
  dumps('in a small dump other pages take no room', 'page_down((budget - fixed) / rings)', 'page_down(budget / rings)'),
  dumps('the page of the newest record is left out', 'page_up(published &', 'page_down(published &'),
  dumps('the piece before the end is left out', 'return before != share;', 'return false;'),

  requests('a request without its answer', '{RV_IOCTL_WAIT, 0, sizeof(rv_ioctl_wait)}', '{RV_IOCTL_WAIT, 0, 0}'),
  requests(
    'an answer of another struct',
    '{RV_IOCTL_STATISTICS, 0, sizeof(rv_ioctl_statistics)}',
    '{RV_IOCTL_STATISTICS, 0, sizeof(rv_ioctl_version)}',
  ),
  requests(
    'an input of another struct',
    '{RV_IOCTL_REGISTER_EVENT, sizeof(rv_ioctl_register_event), 0}',
    '{RV_IOCTL_REGISTER_EVENT, sizeof(rv_ioctl_configure), 0}',
  ),
  requests('a code is missing', '    {RV_IOCTL_STOP, 0, 0},\n', ''),
  requests('a code twice, and one not at all', '{RV_IOCTL_DETACH, 0, 0}', '{RV_IOCTL_STOP, 0, 0}'),
  requests('an attach without room for the CPUs', 'rv_ioctl_attach_bytes(cpu_count)', 'found->output_bytes'),
  requests('an input that is longer', 'input_bytes != found->input_bytes', 'input_bytes < found->input_bytes'),
  requests('an input that is shorter', 'input_bytes != found->input_bytes', 'input_bytes > found->input_bytes'),
  requests(
    'an input whose low half is right',
    'input_bytes != found->input_bytes',
    '(uint32_t)input_bytes != found->input_bytes',
  ),
  requests('an answer that just fits is refused', 'output_bytes < least', 'output_bytes <= least'),
  requests('an answer that lacks a byte', 'output_bytes < least', 'output_bytes + 1 < least'),
  requests('the rings together are not bounded', ' <= RV_IOCTL_MAX_TOTAL_BYTES', ' != 0'),
  requests('all the memory that is allowed is refused', ' <= RV_IOCTL_MAX_TOTAL_BYTES', ' < RV_IOCTL_MAX_TOTAL_BYTES'),
  requests('the order is not looked at', '.order_mode = configure->order_mode', '.order_mode = RV_ORDER_INDEX'),
  requests('any capture', '(capture->mask & ~RV_CAPTURE_ALL) == 0 && ', ''),
  requests('what is reserved may be anything', ' && capture->reserved == 0', ''),
  requests('a name may be empty', '    if (length == 0) {', '    if (false) {'),
  requests('a name may have blanks', "name[length] > ' '", "name[length] >= ' '"),
  requests('a name may have DEL', "name[length] <= '~'", "name[length] <= '~' + 1"),
  requests(
    'stacks may come with more than levels',
    ' && request->reserved == 0;\n}\n\nbool rv_ioctl_check_event',
    ';\n}\n\nbool rv_ioctl_check_event',
  ),
  requests('stacks for any name', 'rv_ioctl_check_name(request->name) && ', ''),
  requests('anything may follow a name', "if (name[i] != '\\0') {", 'if (false) {'),

  links('an attach after the end', '    if (closed) {\n', '    if (false) {\n'),
  links('the end does not last', '    closed = true;\n', ''),
  links('a driver that is loaded anew stays closed', '    closed = false;\n', ''),
  links(
    'the end does not wait for calls',
    '        count_out(attachment);\n        rv_attachment_close(attachment);\n',
    '        count_out(attachment);\n        attachment->uses = 1;\n',
  ),
  links(
    'an attachment is given up before its calls ended',
    '        count_out(attachment);\n        rv_attachment_close(attachment);\n',
    '        count_out(attachment);\n        attachment->gone = 1;\n        rv_attachment_close(attachment);\n',
  ),
  links('nobody is told of the end', '            (void)InterlockedExchange(&attachment->gone, 1);\n', ''),
  links('the end keeps its driver in memory', '            ObDereferenceObject(owner);\n', ''),
  links(
    'the end lets go of what another let go of',
    'InterlockedExchangePointer(&attachment->owner, NULL)',
    'attachment->owner',
  ),
  links('the door stays closed', '    if (!paused) {\n        open_door(attachment);\n    }\n', ''),
  links(
    'the door opens without a session',
    '    if (!paused) {\n        open_door(attachment);\n    }\n',
    '    open_door(attachment);\n',
  ),
  links('a stop does not last', '    paused = true;\n', ''),
  links(
    'a stop leaves calls under way',
    '        rv_attachment_close(attachment_of(entry));\n',
    '        attachment_of(entry)->uses |= 1;\n',
  ),
  links('a new session opens nothing', '            open_door(attachment_of(entry));\n', ''),
  links(
    'a driver that is loaded anew is paused',
    '    paused = false;\n    closed = false;\n',
    '    closed = false;\n',
  ),
  links('a detach leaves the list as it was', '            RemoveEntryList(entry);\n', ''),
  links('a detach takes the first', 'attachment_of(entry) == attachment', 'attachment != NULL'),
  links('a detach is not counted', '    count--;\n', ''),
  links('a name counts those who have gone', '    rv_loggers_left(&loggers, number_of(attachment));\n', ''),
  links('a name that comes later is not shown', '    if (number < RV_LOGGERS && shown != NULL) {', '    if (false) {'),
  links('names known before are not shown', 'rv_loggers_show_all(&loggers, page);', ';'),
  links('a page that went is written to', '    shown = page;\n', '    shown = page != NULL ? page : shown;\n'),
  links('a driver takes a name that is not for drivers', ' || number < RV_LOGGER_FIRST', ''),
  links(
    'all records are of one driver',
    'attachment->origin = RV_ORIGIN_LOGGER + number;',
    'attachment->origin = RV_ORIGIN_LOGGER + 3;',
  ),
  links(
    'a mask is not there for who comes later',
    'attachment->off = (LONG64)rv_loggers_came(&loggers, number);',
    '(void)rv_loggers_came(&loggers, number);',
  ),
  links(
    'a mask is of all drivers',
    'if (number_of(attachment) == number) {\n                (void)Interlocked',
    'if (true) {\n                (void)Interlocked',
  ),
  links('a mask is not remembered', '        rv_loggers_mask(&loggers, number, request->off);\n', ''),
  links('a mask reaches nobody', '(void)InterlockedExchange64(&attachment->off, (LONG64)request->off);', ';'),
  links('the driver itself cannot be masked', '            rv_log_mask(request->off);\n', ''),
  links(
    'programs cannot be masked',
    '            (void)InterlockedExchange64(&programs_off, (LONG64)request->off);\n',
    '',
  ),
  links('a mask for any name', '    if (!rv_ioctl_check_name(request->name)) {', '    if (false) {'),
  links(
    'a mask without a place is said to be set',
    'number < RV_LOGGERS ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES',
    'STATUS_SUCCESS',
  ),
  links(
    'stacks are of all drivers',
    '            if (number_of(attachment) == number) {\n                choose_text',
    '            if (true) {\n                choose_text',
  ),
  links('stacks are not listed', '        rv_loggers_stacks(&loggers, number, request->levels);\n', ''),
  links('stacks are of all levels', ' & rv_mask_level(info->level)) == 0', ') == 0'),
  links(
    'stacks are not remembered',
    '        (void)InterlockedExchange(&stacked[number], (LONG)request->levels);\n',
    '',
  ),
  links('stacks reach nobody who is there', '                choose_text(attachment, number);\n', ''),
  links(
    'who comes later has no stacks',
    '    choose_text(attachment, number);\n    attachment->calls.forget',
    '    attachment->calls.text = rv_log_text;\n    attachment->calls.forget',
  ),
  links('who has no stacks is looked for levels', 'by_wish[stacked[number] != 0]', 'by_wish[1]'),
  links('the driver itself has no stacks', '            rv_log_stack_levels(RV_MAX_FRAMES, request->levels);\n', ''),
  links(
    'programs are said to have stacks',
    'number == RV_LOGGER_PROGRAMS ? STATUS_NOT_SUPPORTED',
    'false ? STATUS_NOT_SUPPORTED',
  ),
  links(
    'stacks without a place are said to be set',
    'number >= RV_LOGGERS           ? STATUS_INSUFFICIENT_RESOURCES',
    'number > RV_LOGGERS ? STATUS_INSUFFICIENT_RESOURCES',
  ),
  links('stacks of any name', '    if (!rv_ioctl_check_stacks(request)) {', '    if (false) {'),
  links('stacks outlive the driver', '        stacked[number] = 0;\n', '        ;\n'),
  links('own stacks outlive the driver', '    rv_log_stack(0);\n', ''),
  links(
    'a stack begins in ringview.sys',
    'rv_log_text_stack(info, RV_RETURN_ADDRESS()',
    'rv_log_text_stack(info, NULL',
  ),
  links('a driver of any name', ' || !rv_ioctl_check_name(request->name)', ''),
  batches('a record of any length', 'record->length <= left && ', ''),
  batches('a record of any type', 'record->type < RV_WRITE_TYPES && ', ''),
  batches('a reserved byte of any value', 'record->reserved0 == 0 && ', ''),
  batches('a reserved word of any value', ' && record->reserved1 == 0', ''),
  batches('a batch of any length', ' || bytes > RV_WRITE_BYTES', ''),
  batches('a batch of odd length', ' || bytes % RV_ALIGN != 0', ''),
  batches('any version of a batch', 'header.version != RV_WRITE_VERSION', 'false'),
  batches('any number of records', 'return count == header.count;', 'return true;'),
  quotas('what another session held is held', '        *share = nothing;\n', ''),
  quotas('what was read is held for ever', '        share->bytes[0] = 0;\n', ''),
  quotas(
    'what is newer is forgotten with what is older',
    '        share->bytes[0] = share->bytes[1];\n',
    '        share->bytes[0] = 0;\n',
  ),
  quotas('a process may have half', 'own <= ring_bytes / 4', 'own <= ring_bytes / 2'),
  quotas('all may have the whole ring', 'all <= ring_bytes / 2 - need', 'all <= ring_bytes - need'),
  quotas(
    'what is left at the end counts for the process',
    'own <= ring_bytes / 4 - bytes',
    'own <= ring_bytes / 4 - need',
  ),
  quotas('what is left at the end counts for nobody', 'all <= ring_bytes / 2 - need', 'all <= ring_bytes / 2 - bytes'),
  quotas('a user takes all places', 'return own < left;', 'return own < 256 && left > 0;'),
  quotas('a user takes one place more than he leaves', 'return own < left;', 'return own <= left;'),
  quotas('a record of any length is let in', 'bytes <= ring_bytes / 4 && ', ''),
  quotas('the end of a share stays', '    share->end[1] = end;\n', ''),
  loggers(
    'names are told apart by their first half',
    'i < RV_LOGGER_NAME_BYTES; i++) {\n        if (a[i]',
    'i < 3; i++) {\n        if (a[i]',
  ),
  loggers('each driver has a number of its own', '            return number;\n', '            ;\n'),
  loggers(
    'the last place is kept',
    'while (number < RV_LOGGERS && loggers',
    'while (number < RV_LOGGERS - 1 && loggers',
  ),
  loggers('a new name is forgotten', '        copy(loggers->entries[number].name, name);\n', ''),
  loggers('the driver itself is not attached', '    loggers->entries[RV_LOGGER_SELF].attached = 1;\n', ''),
  links('any version', 'request->version != RV_ATTACH_VERSION', 'false'),
  links('later versions', 'request->version != RV_ATTACH_VERSION', 'request->version < RV_ATTACH_VERSION'),
  links('earlier versions', 'request->version != RV_ATTACH_VERSION', 'request->version > RV_ATTACH_VERSION'),
  links('a request of any length', 'input_bytes != sizeof *request || ', ''),
  links('a request that says any length', 'request->bytes != sizeof *request ||', ''),
  links('no attachment', 'request->attachment == NULL || ', ''),
  links('any code', 'code != RV_INTERNAL_ATTACH', 'code == 0'),
  links('the lock is kept', 'request->name);\n    rv_lock_release(&lock);', 'request->name);'),
  links('the end takes no lock', '    rv_lock_take(&lock);\n    closed = true;', '    closed = true;'),
  boots('a value of another type is a number', 'type != RV_BOOT_VALUE_TYPE || ', ''),
  boots('a longer value is a number', 'bytes != sizeof *value', 'bytes < sizeof *value'),
  boots('a shorter value is a number', 'bytes != sizeof *value', 'bytes > sizeof *value'),
  boots('captures that do not exist are taken', '!rv_ioctl_check_capture(&capture)', 'capture.mask == 0xffffffffu'),
  boots('captures that are taken are not those', 'plan->captures = value;', 'plan->captures = 0;'),
  boots('a session that cannot be is taken', '!rv_ioctl_check_configure(&with, machine->cpu_count) ||\n        ', ''),
  boots('rings may take all memory', 'machine->memory_bytes / RV_BOOT_MEMORY_PART', 'machine->memory_bytes'),
  boots('rings of one CPU are bounded', 'ring_bytes * machine->cpu_count <=', 'ring_bytes <='),
  boots('memory that is not known is none', 'machine->memory_bytes == 0 || ', ''),
  boots('rings as large as the standard are refused', 'ring_bytes <= RV_IOCTL_DEFAULT_RING_BYTES ||', 'false ||'),
  boots('the mode is the order', 'with.ring_mode = value;', 'with.order_mode = value;'),
  boots('the order is the mode', 'with.order_mode = value;', 'with.ring_mode = value;'),
  boots('what is taken is not told', 'plan->set |= which;', ''),
  boots('what is ignored is not told', 'plan->ignored |= which;', ''),
  boots('a start type that there is not', 'value <= RV_START_DISABLED', 'value <= RV_START_DISABLED + 1'),
];
