/*
 * sal.h - the annotations of Microsoft's compiler that the driver uses, as that compiler's own header makes them for a build
 * without analysis. Only who includes it has them, as there.
 */
#ifndef RINGVIEW_SHIM_SAL_H
#define RINGVIEW_SHIM_SAL_H

#define _In_
#define _Inout_
#define _Out_
#define _In_opt_
#define _Out_opt_
#define _Inout_opt_
#define _In_reads_bytes_(bytes)
#define _In_reads_bytes_opt_(bytes)
#define _Out_writes_bytes_(bytes)
#define _Inout_updates_bytes_(bytes)
#define _Printf_format_string_
#define _Use_decl_annotations_
#define _Must_inspect_result_
#define _Function_class_(name)

#endif
