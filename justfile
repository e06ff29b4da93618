# What there is to do here, by name: `just` lists it. CI calls these, and .ci/run most of them.

_list:
    @just --list --unsorted

# All that has to pass before a change lands, as on a fresh machine; it takes minutes
gate:
    .ci/run

# The tests that need nothing but this repository
test *arguments:
    cargo test --locked {{ arguments }}

# The tests of the engine alone, without its clients
test-bare:
    cargo test --locked -q --no-default-features

# The tests against a real Keystone, which is installed and started
test-keystone:
    tests/servers/keystone/run cargo test --locked -q --test integration -- --ignored keystone --test-threads 8

# The tests against a real Buildbot, which is installed and started
test-buildbot:
    tests/servers/buildbot/run cargo test --locked -q --test integration -- --ignored buildbot --test-threads 8

# The tests against a real nginx and real proxies, which are fetched and started
test-net:
    tests/servers/net/run cargo test --locked -q --test integration -- --ignored net:: --test-threads 8

# The tests with a clock that is set while they run
test-clock:
    tests/clock/run cargo test --locked -q --test integration -- --ignored clock_

# The format, as it should be
fmt:
    cargo fmt

# Whether the format is as it should be
check-format:
    cargo fmt --check

# The lints, with each set of features
lint:
    cargo clippy --locked -q --all-targets -- -D warnings
    cargo clippy --locked -q --all-targets --no-default-features -- -D warnings
    cargo clippy --locked -q --all-targets --all-features -- -D warnings
    for feature in http clouds cli simulator; do \
      cargo clippy --locked -q --all-targets --no-default-features --features "$feature" -- -D warnings || exit 1; \
    done

# The telemetry with a collector of OpenTelemetry, which the tests play
test-otel:
    cargo test --locked -q --all-features --test integration -- telemetry::

# The book: does it build without warnings, and does every link lead somewhere?
check-book:
    tests/book/check

# The pages of the verbs, written anew from the program
write-book:
    tests/book/write

# Whether the picture in the README is that of the recording
check-recording:
    tests/recording/run --check

# The documentation of the library, without warnings
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --locked -q --no-deps --all-features
    RUSTDOCFLAGS='-D warnings' cargo doc --locked -q --no-deps --no-default-features

# The files for the engines of others
check-engines:
    tests/engines/check

# The workflows, the action, the files for other CI systems, the Dockerfile
check-workflows:
    tests/workflows/check

# The action and the scripts of the examples, as a runner would run them
play-workflows:
    tests/workflows/play

# What this is built of: licences, advisories, counts
check-supply:
    tests/supply/check

# The picture of the schedules: is it as the simulation draws it?
check-schedules:
    # Not as a benchmark is built: nothing is measured, and it takes seconds.
    cargo bench --locked -q --profile dev --bench schedule -- --check

# Whether the oldest promised Rust is enough for all dependencies, as far as they say
check-msrv:
    python3 tests/compatibility/msrv.py

# Build and test with the oldest promised Rust, which rustup fetches
msrv:
    tests/compatibility/msrv

# Compile with the oldest versions of the dependencies
minimal:
    tests/compatibility/minimal

# Whether the public API keeps what the version promises, against a commit or the last release
semver *commit:
    tests/compatibility/semver {{ commit }}

# The command as it is released
release:
    cargo build --locked -q --release --bin lro

# The demo, as the README runs it
demo:
    cargo run --locked -q --release -- demo

# What makes the package for Debian
cargo-deb:
    tests/install/cargo-deb

# Install in each way that can be tried here, into empty places, and use it
install: release
    tests/install/all

# Install the package for Debian into an empty Debian, as root
install-chroot: release
    tests/install/chroot

# The soak: thousands of waits behind a simulator that spoils answers; it takes minutes
soak *arguments:
    tests/soak/run {{ arguments }}
