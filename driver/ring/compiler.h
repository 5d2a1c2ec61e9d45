/*
 * compiler.h - what is said to each compiler in its own words, and needs nothing of the system.
 */
#ifndef RINGVIEW_COMPILER_H
#define RINGVIEW_COMPILER_H

/* RV_RETURN_ADDRESS: where the function that says this returns to. */
#if defined(_MSC_VER) && !defined(__clang__)
#define RV_RETURN_ADDRESS() _ReturnAddress()
#define RV_NOINLINE __declspec(noinline)
#define RV_FORCEINLINE __forceinline
#else
#define RV_RETURN_ADDRESS() __builtin_return_address(0)
#define RV_NOINLINE __attribute__((noinline))
#define RV_FORCEINLINE inline __attribute__((always_inline))
#endif

#endif
