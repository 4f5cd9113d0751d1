# shellcheck shell=bash
# What the scripts share; read with `source`, it only defines functions.

# One line on standard error; standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# One line on standard error, and the end.
fail() {
  say "${0##*/}: $*"
  exit 1
}

# The folder of a Swift toolchain that is on PATH or in one of the usual places.
swift_folder() {
  local candidate places
  if candidate=$(command -v swift); then
    dirname "$candidate"
    return
  fi
  places=(/opt/swift/usr/bin /usr/local/swift/usr/bin /usr/share/swift/usr/bin "${HOME:-}/.local/share/swiftly/bin")
  # The tests of the scripts look elsewhere.
  if [[ ${KDSCOPE_SWIFT_PLACES+set} ]]; then IFS=: read -ra places <<<"$KDSCOPE_SWIFT_PLACES"; fi
  for candidate in "${places[@]}"; do
    if [[ -x $candidate/swift ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# Puts `swift` on PATH, or ends with a line that says where to get it.
use_swift() {
  local folder text
  folder=$(swift_folder) \
    || fail "no Swift toolchain found; install Swift 6.1 or later (https://www.swift.org/install/linux) and put it on PATH"
  export PATH="$folder:$PATH"
  text=$(swift --version 2>/dev/null) || fail "$folder/swift does not run: $(swift --version 2>&1 | head -n 1)"
  [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+)([.0-9]*) ]] \
    || fail "$folder/swift does not say its version; install Swift 6.1 or later (https://www.swift.org/install/linux)"
  SWIFT_VERSION="${BASH_REMATCH[1]}.${BASH_REMATCH[2]}${BASH_REMATCH[3]}"
  ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= 6001)) \
    || fail "$folder/swift is version $SWIFT_VERSION; KDScope needs 6.1 or later (https://www.swift.org/install/linux)"
}
