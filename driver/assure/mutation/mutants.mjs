/**
 * Small ways to break driver/ring. Each patch replaces texts that must occur exactly once: one that no longer applies is
 * an error, so that the table follows the code.
 *
 * `survives` says why no method can tell the mutant from the original; it is an error if one does.
 */

/**
 * @typedef {object} Mutant
 * @property {string} file of driver/ring
 * @property {string} says
 * @property {readonly (readonly [string, string])[]} patch
 * @property {string} [survives]
 */

/** @type {readonly Mutant[]} */
export const MUTANTS = [
  // ---- barriers ----
  {
    file: 'ring.c',
    says: 'A: the index is taken relaxed',
    patch: [
      [
        'rv_fetch_add(&ring->session->next_index, 1) : 0',
        '__atomic_fetch_add(&ring->session->next_index, 1, __ATOMIC_RELAXED) : 0',
      ],
    ],
  },
  { file: 'ring.c', says: 'A: no fence before the clock', patch: [['rv_fence_full();', 'rv_fence_interrupt();']] },
  {
    file: 'ring.c',
    says: 'A: the fence is for the other order',
    patch: [
      [
        'if (ring->order == RV_ORDER_CLOCK) {\n        rv_fence_full',
        'if (ring->order != RV_ORDER_CLOCK) {\n        rv_fence_full',
      ],
    ],
  },
  {
    file: 'ring.c',
    says: 'B: `published` is stored relaxed',
    patch: [['rv_store_release(&producer->published, end);', 'rv_store(&producer->published, end);']],
  },
  {
    file: 'ring.c',
    says: 'C: nesting 0 is stored relaxed',
    patch: [['rv_store32_release(&producer->nesting, 0);', 'rv_store32(&producer->nesting, 0);']],
    survives: 'E orders the reservation before it, and `reserved` != `published` covers the rest: see ORDERING.md',
  },
  {
    file: 'room.h',
    says: 'D: `consumed` is loaded relaxed',
    patch: [['rv_load_acquire(&ring->consumer->consumed)', 'rv_load(&ring->consumer->consumed)']],
    survives: 'the exchanges of `accepted` and `reserved` that follow acquire as well: see ORDERING.md',
  },
  { file: 'ring.c', says: 'E: no fence after the tail moved', patch: [['    rv_fence_release();\n', '']] },
  {
    file: 'session.c',
    says: 'F: the magic is stored relaxed',
    patch: [['rv_store_release(&page->magic, RV_MAGIC_SESSION);', 'rv_store(&page->magic, RV_MAGIC_SESSION);']],
  },
  {
    file: 'session.c',
    says: 'F: the state is stored after the magic',
    patch: [
      ['    rv_store32(&page->state, RV_STATE_RUNNING);\n', ''],
      [
        'rv_store_release(&page->magic, RV_MAGIC_SESSION);',
        'rv_store_release(&page->magic, RV_MAGIC_SESSION);\n    rv_store32(&page->state, RV_STATE_RUNNING);',
      ],
    ],
  },
  {
    file: 'session.c',
    says: 'G: STOPPED is stored relaxed',
    patch: [['rv_store32_release(&page->state, RV_STATE_STOPPED);', 'rv_store32(&page->state, RV_STATE_STOPPED);']],
  },
  {
    file: 'log.c',
    says: 'H: the log is stored relaxed',
    patch: [['rv_store_pointer_release(&attached, log);', '__atomic_store_n(&attached, log, __ATOMIC_RELAXED);']],
  },
  {
    file: 'log.c',
    says: 'H: the log is loaded relaxed',
    patch: [['*log = rv_load_pointer_acquire(&attached);', '*log = __atomic_load_n(&attached, __ATOMIC_RELAXED);']],
  },
  {
    file: 'platform.h',
    says: 'a release store that is none',
    patch: [
      [
        '__atomic_store_n(p, value, __ATOMIC_RELEASE);\n}\n\n/* Acquire and release. Returns the value before. */',
        '__atomic_store_n(p, value, __ATOMIC_RELAXED);\n}\n\n/* Acquire and release. Returns the value before. */',
      ],
    ],
  },
  {
    file: 'platform.h',
    says: 'a full fence that is none',
    patch: [['__atomic_thread_fence(__ATOMIC_SEQ_CST);', '__atomic_thread_fence(__ATOMIC_ACQ_REL);']],
  },
  {
    file: 'ring.c',
    says: 'A: the index is taken without a lock, although all CPUs take one',
    patch: [
      [
        'rv_fetch_add(&ring->session->next_index, 1) : 0;',
        'rv_load(&ring->session->next_index) : 0;\n        rv_add_local(&ring->session->next_index, 1);',
      ],
    ],
  },
  {
    file: 'local.h',
    says: 'the exchange among interrupts is two instructions',
    patch: [
      [
        '    bool exchanged;\n    __asm__ volatile("cmpxchgq %3, %1" : "=@ccz"(exchanged), "+m"(*p), "+a"(expected) : "r"(desired) : "memory");\n    return exchanged;\n',
        '    if (rv_load(p) != expected) {\n        return false;\n    }\n    rv_store(p, desired);\n    return true;\n',
      ],
    ],
  },
  {
    file: 'local.h',
    says: 'a counter of interrupts is loaded, added to and stored',
    patch: [
      [
        '    __asm__ volatile("addq %1, %0" : "+m"(*p) : "er"(value) : "memory", "cc");\n',
        '    rv_store(p, rv_load(p) + value);\n',
      ],
    ],
  },
  {
    file: 'local.h',
    says: 'the exchange among interrupts is locked: right, but dear',
    patch: [['"cmpxchgq %3, %1"', '"lock cmpxchgq %3, %1"']],
  },

  // ---- reserve ----
  {
    file: 'ring.c',
    says: '`reserved` is stored, not exchanged',
    patch: [
      [
        'if (rv_cas_local(&ring->producer->reserved, begin, end)) {',
        'rv_store(&ring->producer->reserved, end);\n        if (begin != 1) {',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'one word too much room',
    patch: [
      [
        'if (end - rv_load(&ring->accepted) <= ring_bytes) {',
        'if (end - rv_load(&ring->accepted) <= ring_bytes + 8) {',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'one word too little room after asking the consumer',
    patch: [['return end - accept_consumer(ring) <= ring_bytes;', 'return end - accept_consumer(ring) < ring_bytes;']],
  },
  {
    file: 'room.h',
    says: 'the consumer is not asked',
    patch: [['return end - accept_consumer(ring) <= ring_bytes;', 'return false;']],
  },
  {
    file: 'room.h',
    says: 'a PAD where a record just fits',
    patch: [['if (found.at > ring_bytes - bytes) {', 'if (found.at >= ring_bytes - bytes) {']],
  },
  {
    file: 'room.h',
    says: 'no PAD at the end',
    patch: [['if (found.at > ring_bytes - bytes) {', 'if (found.at > ring_bytes) {']],
  },
  {
    file: 'ring.c',
    says: 'a PAD eight bytes too long',
    patch: [['first_word(own.pad - RV_PAD_HEADER_BYTES,', 'first_word(own.pad,']],
  },
  {
    file: 'ring.c',
    says: 'wraps are not counted',
    patch: [['        rv_add_local(&ring->producer->wrapped, 1);\n', '']],
  },
  {
    file: 'ring.c',
    says: 'index holes are not counted',
    patch: [['            rv_add_local(&ring->producer->index_holes, 1);\n', '            (void)0;\n']],
  },
  {
    file: 'ring.c',
    says: 'the reservation is not marked',
    patch: [['    rv_store(header, first_word(bytes - RV_PAD_HEADER_BYTES, ring->cpu, RV_KIND_PAD, 0));\n', '']],
  },
  {
    file: 'ring.c',
    says: 'the last word is not zeroed',
    patch: [
      ['        rv_store(header_of(reservation) + rv_record_bytes(reservation->length) / RV_ALIGN - 1, 0);\n', ''],
    ],
  },
  {
    file: 'ring.c',
    says: 'the longest record is refused',
    patch: [[': length > ring->max_length ?', ': length >= ring->max_length ?']],
  },
  {
    file: 'ring.c',
    says: 'one byte more than the longest record',
    patch: [[': length > ring->max_length ?', ': length > ring->max_length + 1 ?']],
  },
  {
    file: 'ring.c',
    says: 'an empty record is written',
    patch: [['length == 0                 ? RV_LOST_ZERO_LENGTH', 'length == UINT64_MAX        ? RV_LOST_ZERO_LENGTH']],
  },
  {
    file: 'ring.c',
    says: 'time is read before `reserved` is',
    patch: [
      [
        '    for (;;) {\n        begin = rv_load(&ring->producer->reserved);',
        '    for (;;) {\n        uint64_t early = rv_clock();\n        begin = rv_load(&ring->producer->reserved);',
      ],
      ['timestamp = rv_clock();', 'timestamp = early;'],
    ],
  },

  // ---- the consumer ----
  {
    file: 'room.h',
    says: 'the consumer position may go back',
    patch: [['|| consumed < accepted ||', '||']],
  },
  {
    file: 'room.h',
    says: 'the consumer may pass `published`',
    patch: [['consumed > rv_load(&ring->producer->published)) {', 'consumed > rv_load(&ring->producer->reserved)) {']],
  },
  { file: 'room.h', says: 'the consumer position may be odd', patch: [['if (consumed % RV_ALIGN != 0 || ', 'if (']] },
  {
    file: 'room.h',
    says: 'lies are not counted',
    patch: [['        rv_add_local(&ring->producer->bad_consumer, 1);\n', '']],
  },
  {
    file: 'room.h',
    says: 'the accepted position is stored, not exchanged',
    patch: [
      [
        'if (rv_cas_local(&ring->accepted, accepted, consumed)) {',
        'rv_store(&ring->accepted, consumed);\n    if (true) {',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'the accepted position is loaded after `consumed`',
    patch: [
      ['    uint64_t accepted = rv_load(&ring->accepted);\n', ''],
      [
        'RV_POINT(ring, RV_POINT_CONSUMED_LOADED);',
        'RV_POINT(ring, RV_POINT_CONSUMED_LOADED);\n    uint64_t accepted = rv_load(&ring->accepted);',
      ],
    ],
  },

  // ---- reclaiming ----
  {
    file: 'room.h',
    says: 'an unfinished writer is reclaimed',
    patch: [
      [
        'uint64_t published = rv_load(&producer->published);\n\n    /* Even',
        'uint64_t published = rv_load(&producer->reserved);\n\n    /* Even',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'room is promised that an unfinished writer holds',
    patch: [
      [
        '    if (end - published > ring_bytes) {\n        return false;\n    }\n',
        '    if (end - published > ring_bytes) {\n        return true;\n    }\n',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'the tail is stored, not exchanged',
    patch: [
      [
        'if (rv_cas_local(&producer->tail, tail, bytes != 0 ? tail + bytes : published)) {',
        'rv_store(&producer->tail, bytes != 0 ? tail + bytes : published);\n        if (true) {',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'a damaged record stops the tail',
    patch: [['bytes != 0 ? tail + bytes : published', 'tail + bytes']],
  },
  {
    file: 'room.h',
    says: 'one record too many is reclaimed',
    patch: [['} while (end - tail > ring_bytes);', '} while (end - tail >= ring_bytes);']],
  },
  {
    file: 'room.h',
    says: 'one record too few is reclaimed',
    patch: [['} while (end - tail > ring_bytes);', '} while (end - tail > ring_bytes + 8);']],
  },
  {
    file: 'room.h',
    says: 'records that were read count as overwritten',
    patch: [['if (kind == RV_KIND_RECORD && tail >= consumed) {', 'if (kind == RV_KIND_RECORD) {']],
  },
  {
    file: 'room.h',
    says: 'PADs count as overwritten',
    patch: [['if (kind == RV_KIND_RECORD && tail >= consumed) {', 'if (tail >= consumed) {']],
  },
  {
    file: 'room.h',
    says: 'a walk may leave the ring',
    patch: [
      [
        'return bytes <= limit - position && bytes <= to_end ? bytes : 0;',
        'return bytes <= limit - position + 0 * to_end ? bytes : 0;',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'a walk may pass its limit',
    patch: [
      [
        'return bytes <= limit - position && bytes <= to_end ? bytes : 0;',
        'return bytes <= to_end + 0 * limit ? bytes : 0;',
      ],
    ],
  },
  {
    file: 'room.h',
    says: 'a PAD may end between two words',
    patch: [['*kind == RV_KIND_PAD && length % RV_ALIGN == 0', '*kind == RV_KIND_PAD']],
  },
  {
    file: 'room.h',
    says: 'a record may be longer than any',
    patch: [['*kind == RV_KIND_RECORD && length <= ring->max_length', '*kind == RV_KIND_RECORD']],
  },

  // ---- copy and commit ----
  {
    file: 'copy.h',
    says: 'the last bytes are not copied',
    patch: [['    if (rest != 0) {\n', '    if (false) {\n']],
  },
  {
    file: 'copy.h',
    says: 'the bytes before the last ones are in the padding',
    patch: [['return word >> (RV_ALIGN - rest) * 8;', 'return word >> (RV_ALIGN - rest) * 8 | word << rest * 8;']],
  },
  {
    file: 'copy.h',
    says: 'the last bytes are shifted by one too few',
    patch: [['return word >> (RV_ALIGN - rest) * 8;', 'return word >> (RV_ALIGN - 1 - rest) * 8;']],
  },
  {
    file: 'copy.h',
    says: 'of less than a word the last byte is left out',
    patch: [['at < length; at++', 'at + 1 < length; at++']],
  },
  {
    file: 'copy.h',
    says: 'data is stored plainly',
    patch: [['rv_store((uint64_t *)(void *)to, word);', '*(uint64_t *)(void *)to = word;']],
  },
  {
    file: 'copy.h',
    says: 'the last bytes are stored plainly',
    patch: [
      [
        'rv_store((uint64_t *)(void *)(to + whole), last_word(source, length, rest));',
        '*(uint64_t *)(void *)(to + whole) = last_word(source, length, rest);',
      ],
    ],
  },
  {
    file: 'copy.h',
    says: 'of four words the second is copied twice',
    patch: [['source + at + 2 * RV_ALIGN', 'source + at + RV_ALIGN']],
  },
  {
    file: 'copy.h',
    says: 'of four words the last is not copied',
    patch: [['        store_word(to + at + 3 * RV_ALIGN, source + at + 3 * RV_ALIGN);\n', '']],
  },
  {
    file: 'ring.c',
    says: 'a nested record loses the flags of its writer',
    patch: [['(uint64_t)info->flags << 32', '(uint64_t)(nested != 0 ? 0 : info->flags) << 32']],
  },
  {
    file: 'ring.c',
    says: 'a nested record is not flagged',
    patch: [['| nested << 32', '| 0 * nested']],
  },
  {
    file: 'ring.c',
    says: 'a record that is handed on is of the thread that runs',
    patch: [['tid = info->tid;', 'tid = rv_tid();']],
  },
  {
    file: 'ring.c',
    says: 'a record does not say at which IRQL it was written',
    patch: [['(uint64_t)tid | (uint64_t)info->irql << 32', '(uint64_t)tid']],
  },
  {
    file: 'log.c',
    says: 'what is sent says nothing of its IRQL',
    patch: [['            said.irql = pin.irql;\n', '            said.irql = 0;\n']],
  },
  {
    file: 'log.c',
    says: 'a text formatted in a slot says nothing of its IRQL',
    patch: [['            info->irql = pin.irql;\n', '']],
  },
  {
    file: 'log.c',
    says: 'a cut text formatted in a slot is not flagged',
    patch: [['info->flags = truncated ? RV_FLAG_TRUNCATED : 0;\n            info->irql', 'info->irql']],
  },
  {
    file: 'ring.c',
    says: 'the outermost writer is flagged nested',
    patch: [['reservation->depth > 1 ?', 'reservation->depth > 0 ?']],
  },

  // ---- enter, publish and leave ----
  {
    file: 'ring.c',
    says: 'one level too many is let in',
    patch: [['if (depth >= RV_MAX_NESTING) {', 'if (depth > RV_MAX_NESTING) {']],
  },
  {
    file: 'ring.c',
    says: 'nesting is always 1',
    patch: [['rv_store32(&producer->nesting, depth + 1);', 'rv_store32(&producer->nesting, 1);']],
  },
  {
    file: 'ring.c',
    says: 'a refused level is not counted',
    patch: [['_loss(ring, RV_LOST_NESTING);', '_loss(ring, RV_OK);']],
  },
  {
    file: 'ring.c',
    says: 'sequences leave no gap for losses',
    patch: [['sequence = written + rv_load(&producer->lost);', 'sequence = written;']],
  },
  {
    file: 'ring.c',
    says: 'bytes of PADs count as written',
    patch: [
      [
        '        position += bytes;\n',
        '        position += bytes;\n        if (kind == RV_KIND_PAD) {\n            rv_store(&ring->producer->written_bytes, rv_load(&ring->producer->written_bytes) + bytes);\n        }\n',
      ],
    ],
  },
  {
    file: 'ring.c',
    says: '`published` moves before the records are numbered',
    patch: [['    if (own != NULL && ', '    rv_store_release(&producer->published, end);\n    if (own != NULL && ']],
  },
  {
    file: 'ring.c',
    says: 'a record is taken for all there is, whatever waits behind it',
    patch: [['end - position == own_bytes', 'end - position >= own_bytes']],
  },
  {
    file: 'ring.c',
    says: 'a later turn takes a record of the same size for the own one',
    patch: [
      ['void go_on(rv_ring *ring)', 'void go_on(rv_ring *ring, uint64_t *own, uint64_t own_bytes)'],
      ['go_quiet(ring, NULL, 0)', 'go_quiet(ring, own, own_bytes)'],
      ['        go_on(ring);', '        go_on(ring, own, own_bytes);'],
    ],
  },
  {
    file: 'ring.c',
    says: 'a later turn takes what lies at the same address, a lap on, for the own record',
    patch: [
      ['void go_on(rv_ring *ring)', 'void go_on(rv_ring *ring, uint64_t *own, uint64_t own_bytes)'],
      ['go_quiet(ring, NULL, 0)', 'go_quiet(ring, own, own_bytes)'],
      ['        go_on(ring);', '        go_on(ring, own, own_bytes);'],
      ['end - position == own_bytes) {', 'end - position == own_bytes && word_at(ring, position) == own) {'],
    ],
  },
  { file: 'ring.c', says: 'nested writers publish', patch: [['if (depth > 1) {', 'if (depth > 2) {']] },
  {
    file: 'ring.c',
    says: 'a nested writer does not leave',
    patch: [['rv_store32_release(&producer->nesting, depth - 1);', 'rv_store32_release(&producer->nesting, depth);']],
  },
  {
    file: 'ring.c',
    says: '`reserved` is not looked at again',
    patch: [['return rv_load(&producer->reserved) == end;', 'return true;']],
  },
  {
    file: 'ring.c',
    says: 'it is looked at before nesting is 0',
    patch: [
      [
        '    rv_store32_release(&producer->nesting, 0);\n',
        '    bool same = rv_load(&producer->reserved) == end;\n    RV_POINT(ring, RV_POINT_QUIET);\n    rv_store32_release(&producer->nesting, 0);\n',
      ],
      ['return rv_load(&producer->reserved) == end;', 'return same;'],
    ],
  },
  {
    file: 'ring.c',
    says: 'it goes on without nesting',
    patch: [['        rv_store32(&ring->producer->nesting, 1);\n', '']],
  },
  { file: 'room.h', says: 'the sum of losses is not kept', patch: [['    rv_add_local(&producer->lost, 1);\n', '']] },
  {
    file: 'room.h',
    says: 'losses are counted under another cause',
    patch: [['counter = &producer->lost_full;', 'counter = &producer->lost_too_big;']],
  },
  {
    file: 'room.h',
    says: 'losses are added, but not atomically',
    patch: [
      ['    rv_add_local(&producer->lost, 1);\n', '    rv_store(&producer->lost, rv_load(&producer->lost) + 1);\n'],
    ],
  },

  // ---- sessions and the log ----
  { file: 'session.c', says: 'any ring size', patch: [['!is_power_of_two(config->ring_bytes) || ', '']] },
  {
    file: 'session.c',
    says: 'a record may fill half of the ring',
    patch: [
      [
        'ring_bytes / 4 < RV_MAX_RECORD_BYTES ? ring_bytes / 4',
        'ring_bytes / 2 < RV_MAX_RECORD_BYTES ? ring_bytes / 2',
      ],
    ],
  },
  { file: 'session.c', says: 'the index starts at 0', patch: [['page->next_index = 1;', 'page->next_index = 0;']] },
  { file: 'session.c', says: 'a misaligned image', patch: [[' || ((uintptr_t)image & (RV_PAGE - 1u)) != 0', '']] },
  // ---- stacks ----
  {
    file: 'ring.c',
    says: 'a stack that does not fit loses its record',
    patch: [['length + before, frames == 0, &reservation)', 'length + before, true, &reservation)']],
  },
  {
    file: 'ring.c',
    says: 'a record is too long by its stack',
    patch: [['has && stack->count * RV_ALIGN <= ring->max_length - length', 'has']],
  },
  {
    file: 'ring.c',
    says: 'a stack lies behind the data',
    patch: [['copy(reservation.payload + before, data', 'copy(reservation.payload, data']],
  },
  {
    file: 'ring.c',
    says: 'a stack is not counted in the header',
    patch: [['(uint64_t)frames << 40', '0 * (uint64_t)frames']],
  },
  {
    file: 'log.c',
    says: 'a stack begins with the functions of the log',
    patch: [['    while (first < count && found[first]', '    while (false && found[first]']],
  },
  {
    file: 'log.c',
    says: 'stacks of some levels are of all',
    patch: [['wanted != 0 && (wanted & rv_mask_level(level)) != 0', 'wanted != 0']],
  },
  {
    file: 'log.c',
    says: 'what is passed on has the stacks of the module',
    patch: [['write_said(info, 0, NULL, format', 'write_said(info, own_frames(info->level), NULL, format']],
  },
  {
    file: 'log.c',
    says: 'what is passed on with a stack has none',
    patch: [['write_said(info, RV_MAX_FRAMES, caller', 'write_said(info, 0, caller']],
  },
  {
    file: 'log.c',
    says: 'one CPU too many',
    patch: [['if (pin->cpu >= (*log)->cpu_count) {', 'if (pin->cpu > (*log)->cpu_count) {']],
  },
  {
    file: 'log.c',
    says: 'levels share a slot',
    patch: [['RV_MAX_NESTING + depth - 1]', 'RV_MAX_NESTING + 0 * depth]']],
  },
  {
    file: 'log.c',
    says: 'no mask is looked at',
    patch: [['return rv_mask_hides(rv_load(&masked), level, type);', 'return (level | type) < 0;']],
  },
  {
    file: 'log.c',
    says: 'types of data are not looked at',
    patch: [['    if (is_off(level, type)) {', '    if (is_off(level, RV_TYPE_TEXT)) {']],
  },
  {
    file: 'log.c',
    says: 'what others log is left out too',
    patch: [
      [
        '    rv_pin pin = rv_pin_cpu();\n    rv_log *log;\n    rv_status status = RV_OK;\n    rv_ring *ring = find_ring(&pin, &log, &status);\n    if (ring != NULL) {\n        rv_record_info said',
        '    if (is_off(info->level, info->type)) {\n        return RV_MASKED;\n    }\n    rv_pin pin = rv_pin_cpu();\n    rv_log *log;\n    rv_status status = RV_OK;\n    rv_ring *ring = find_ring(&pin, &log, &status);\n    if (ring != NULL) {\n        rv_record_info said',
      ],
    ],
  },
  {
    file: 'log.c',
    says: 'detaching does nothing',
    patch: [['rv_store_pointer_release(&attached, NULL);', '(void)0;']],
  },
];
