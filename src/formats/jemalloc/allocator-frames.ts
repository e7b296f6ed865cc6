/**
 * Functions that belong to allocators, by the name that they have without arguments: a stack starts with whom they serve. They are those
 * that jeprof leaves out, so that figures can be compared.
 */
const functions = new Set(
  [
    "calloc cfree malloc newImpl free memalign posix_memalign aligned_alloc pvalloc valloc realloc mallocx rallocx xallocx dallocx",
    "sdallocx sdallocx_noflags tc_calloc tc_cfree tc_malloc tc_free tc_memalign tc_posix_memalign tc_pvalloc tc_valloc tc_realloc",
    "tc_new tc_delete tc_newarray tc_deletearray tc_new_nothrow tc_newarray_nothrow do_malloc ::do_malloc ::do_malloc_or_cpp_alloc",
    "DoSampledAllocation simple_alloc::allocate __malloc_alloc_template::allocate __builtin_delete __builtin_new",
    "__builtin_vec_delete __builtin_vec_new malloc_zone_malloc malloc_zone_calloc malloc_zone_valloc malloc_zone_realloc",
    "malloc_zone_memalign malloc_zone_free __start_google_malloc __stop_google_malloc __start_malloc_hook __stop_malloc_hook",
  ].flatMap((line) => line.split(" ")),
)
  .add("operator new")
  .add("operator new[]");

/** Whether a function is an allocator's. */
export function isAllocatorFunction(name: string): boolean {
  return functions.has(name) || name.includes("TCMalloc") || name.startsWith("tcmalloc::");
}

/** Whether a library is an allocator: what it has no symbol for is its own business, too. */
export function isAllocatorLibrary(path: string): boolean {
  return /\/lib(?:jemalloc|tcmalloc|mimalloc)[^/]*\.so[^/]*$/.test(path);
}
