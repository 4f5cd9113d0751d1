// What the processor can be asked and Swift has no word for.
#pragma once

/// Asks for the cache line at an address that will be read soon.
static inline void processor_prefetch(const void *address) { __builtin_prefetch(address); }
