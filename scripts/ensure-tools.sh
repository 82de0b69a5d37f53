# Copyright the Rookery authors
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by ./run, ./test and bench/run: installs what is missing where we may, and otherwise says what to install.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# need_packages WHAT-FOR COMMAND=PACKAGE ... : PACKAGE is wanted when COMMAND (or the path that begins with /) is missing.
need_packages() {
  local purpose=$1 pair missing=()
  shift
  for pair in "$@"; do
    case ${pair%%=*} in
      /*) compgen -G "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
      *) command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Missing for $purpose: ${missing[*]}. Install them with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "installing for $purpose: ${missing[*]}"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >/tmp/rookery-apt.$$ 2>&1 || {
    tail -n 20 /tmp/rookery-apt.$$ >&2
    echo "could not install ${missing[*]}" >&2
    exit 1
  }
  rm -f /tmp/rookery-apt.$$
}

ensure_build_tools() {
  command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing (command dotnet); see https://dotnet.microsoft.com/download" >&2; exit 1; }
  command -v node >/dev/null && command -v npm >/dev/null || { echo "Node 20 with npm is missing; see https://nodejs.org" >&2; exit 1; }
  need_packages "running" ffmpeg=ffmpeg
}

# Real peers and browsers of the tests.
ensure_trial_tools() {
  need_packages "the tests" chromium=chromium firefox-esr=firefox-esr \
    /usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib=gir1.2-gst-rtsp-server-1.0 \
    /usr/bin/python3=python3 /usr/lib/python3/dist-packages/gi=python3-gi \
    gst-launch-1.0=gstreamer1.0-tools \
    /usr/lib/*/gstreamer-1.0/libgstx264.so=gstreamer1.0-plugins-ugly \
    /usr/lib/*/gstreamer-1.0/libgstrtp.so=gstreamer1.0-plugins-good \
    /usr/lib/*/gstreamer-1.0/libgstx265.so=gstreamer1.0-plugins-bad
}
