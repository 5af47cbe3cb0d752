#!/bin/sh
# Takes another release of govuk-frontend into src/CoopAI.Web/Assets. Needs npm, once; the build does not.
#   tools/renew-govuk-frontend.sh 6.6.0
# Then change the version in THIRD-PARTY.md, run the web tests and look at the pages.
set -eu
version=${1:?Say which version, such as 6.6.0}
assets=$(cd "$(dirname "$0")/../src/CoopAI.Web/Assets" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "govuk-frontend@$version" > /dev/null
tar xzf "govuk-frontend-$version.tgz"
for file in govuk-frontend.min.css govuk-frontend.min.js; do
    # The maps to the sources are not shipped.
    sed '/sourceMappingURL/d' "package/dist/govuk/$file" > "$assets/$file"
done
echo "govuk-frontend $version is in $assets"
