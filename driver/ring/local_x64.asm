; local_x64.asm - rv_cas_local and rv_add_local of local.h, which says why they need no lock prefix, for Microsoft's compiler.
; Leaf functions that touch no stack: they need no unwind data.

.code

; bool rv_cas_local(uint64_t *p, uint64_t expected, uint64_t desired)
rv_cas_local PROC
    mov rax, rdx
    cmpxchg qword ptr [rcx], r8
    sete al
    ret
rv_cas_local ENDP

; void rv_add_local(uint64_t *p, uint64_t value)
rv_add_local PROC
    add qword ptr [rcx], rdx
    ret
rv_add_local ENDP

END
