# Needs GNU make. `make help` says what there is.
VERSION = $(shell sed -n 's/.*toolkitVersion = "\(.*\)"/\1/p' Sources/Shared/Unix/CommandLine/Version.swift)
PREFIX = /usr/local
PROGRAMS = cw-config cw-creds cw-deploy-users cw-logfilter cw-metrics cw-putlogs cw-putmetrics cw-supervise cw-tail
# The program has no symbols, the same bytes wherever its sources lie, and libraries from where the system has them. On macOS the Swift library is a part of the system.
ifeq ($(shell uname -s),Linux)
FLAGS = --disable-local-rpath --static-swift-stdlib -debug-info-format none -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen \
  -Xlinker -s -Xlinker --build-id=none -Xlinker -z -Xlinker now $(PACKED)
else
FLAGS = --disable-local-rpath -Xlinker -x
endif
# A twentieth of the program are places that the loader moves; packed, which glibc knows since 2.36, they take nearly nothing.
PACKED = $(if $(filter true,$(shell printf '%s\n' 'glibc 2.36' "$$(getconf GNU_LIBC_VERSION)" | sort -CV && echo true)), \
  -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs)

## build: the programs and what completes their command lines, in build (default); offers to install what is missing
build:
	@scripts/deps --offer build
	swift build -c release $(FLAGS) $(SWIFT_FLAGS) --product cw-toolbox
	@mkdir -p build/bin
	@cmp -s .build/release/cw-toolbox build/bin/cw-toolbox || install .build/release/cw-toolbox build/bin
	@for program in $(PROGRAMS); do ln -sf cw-toolbox build/bin/$$program; done
	@scripts/completions $(PROGRAMS)

## deps: install what building, testing and checking need, and say why and how much; FOR="build package" only what these need
deps:
	scripts/deps $(FOR)

## test: unit tests, then the scenarios with the real programs
test: build unit-test
	scripts/venv
	Tests/scenarios/run

## check-quick: between edits: lint, all unit tests but those that take long, and a few scenarios, with a debug build
LONG_SUITES = [.](JournalTests|WriterTests)/
QUICK_SCENARIOS = bad-input metrics-as-a-table putlogs-routes putlogs-tee supervisor-starts-both tail-follows tail-makes the-pipe
check-quick:
	scripts/lint
	swift build --build-tests
	swift test --skip-build --skip '$(LONG_SUITES)'
	scripts/venv
	@mkdir -p build/debug && ln -sf ../../.build/debug/cw-toolbox build/debug && \
	  for program in $(PROGRAMS); do ln -sf cw-toolbox build/debug/$$program; done
	CW_BIN_DIR=$(CURDIR)/build/debug Tests/scenarios/run $(QUICK_SCENARIOS)

## unit-test: the unit tests alone; with STRICT=1, as CI runs them, a warning of the compiler is an error
unit-test:
	$(if $(STRICT),CW_STRICT=1) swift test

## fuzz: the parsers of outside data, each for FUZZ_SECONDS
FUZZ_SECONDS = 60
fuzz:
	Tests/fuzz/run $(FUZZ_SECONDS)

## mutants: the real programs on mutated input, RUNS=1000 times: records, configurations, states, logs, answers
RUNS = 1000
mutants: build
	Tests/mutants/run --runs $(RUNS) $(if $(SEED),--seed $(SEED))

## sanitize: the unit tests under AddressSanitizer and under ThreadSanitizer, the scenarios under the former
sanitize:
	scripts/sanitize

## bench: CPU and memory of shipping a million lines, beside boto3; how long cw-creds takes, beside the AWS CLI
bench: build
	scripts/venv
	build/venv/bin/python Tests/bench/run
	build/venv/bin/python Tests/bench/creds

## chaos: kill -9 of random stages under a writer that rotates; KILLS=1000 of them (SEED=... repeats a run)
KILLS = 1000
chaos: build
	scripts/venv
	build/venv/bin/python Tests/chaos/run --kills $(KILLS) --supervised 20 $(if $(SEED),--seed $(SEED))
	build/venv/bin/python Tests/chaos/run --kills $(KILLS) --tmpfs $(if $(SEED),--seed $(SEED))

## faults: each fault of network and service alone, then MIXES=200 random mixes, each under a pipe with a state
MIXES = 200
faults: build
	scripts/venv
	build/venv/bin/python Tests/chaos/faults --each --mixes $(MIXES) $(if $(SEED),--seed $(SEED))

## outage: two hours without the service pass in two minutes; memory stays flat, then everything arrives
outage: build
	scripts/venv
	build/venv/bin/python Tests/chaos/outage

## power-cuts: CUTS=100 times the disk as it was when the power failed, and a new pipe on it (needs root)
CUTS = 100
power-cuts: build
	scripts/venv
	build/venv/bin/python Tests/chaos/power-cuts --cuts $(CUTS)

## zoo: every writer that rotates in its own way, and what comes of its lines; ONLY=logrotate some; the manual's table if all
zoo: build
	scripts/deps zoo
	scripts/venv
	scripts/venv zoo
	Tests/zoo/syslog-daemons
	build/venv/bin/python Tests/zoo/run --manual man/cw-tail.1 $(if $(ONLY),--only '$(ONLY)') $(if $(SEED),--seed $(SEED))

## hostile: what somebody on the machine could do to the others, each thing by an unprivileged user (needs root)
hostile: build
	scripts/venv
	Tests/hostile/run

## model: how positions travel and which files are a log, checked by model, and each seeded bug refuted
model:
	scripts/deps model
	Tests/model/run

## lint: formats, imports, manuals, shell scripts
lint:
	scripts/lint

## demo: publish this machine's metrics and logs to a stand-in for two minutes, and show them
demo:
	@scripts/demo

## container-test: both of the next two, which need root
container-test: debian-test service-test

## debian-test: build and unit tests on a bare Debian 13 with the Swift that Debian ships, in a container
debian-test:
	scripts/bare-debian "$$(dpkg --print-architecture)" "scripts/deps build test && swift --version && swift build && swift test"

## service-test: install the service on a bare Debian 13, booted in a container, and let it live there
service-test: build
	scripts/service-test

## install: the programs, manuals and examples, to $(DESTDIR)$(PREFIX)
install: build
	DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) installers/install-files

## deb: the Debian package, build/*.deb
deb: build
	scripts/deb $(VERSION)

## deb-arm64: the Debian package for arm64, built on a bare Debian 13 of that kind, in emulation if need be (needs root)
deb-arm64:
	scripts/bare-debian arm64 "scripts/deps build package && make deb"
	cp build/container/arm64/source/build/*_arm64.deb build

## tarball: the programs with everything else that belongs to them, build/*.tar.gz
tarball: build
	scripts/tarball $(VERSION)

## formula: for Homebrew, build/*.rb, and the archive of the sources that it installs (REPOSITORY=... where releases are)
formula:
	scripts/formula $(VERSION) $(REPOSITORY)

## clean: remove everything that was built
clean:
	rm -rf .build build

## help: this list
help:
	@sed -n 's/^## //p' Makefile

.PHONY: build deps test check-quick unit-test fuzz sanitize bench chaos faults outage power-cuts zoo hostile mutants model lint demo container-test debian-test service-test install deb deb-arm64 tarball formula clean help
