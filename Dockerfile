# CoopAI in one image: web pages, HTTP interface and the coopai command.
#   docker build -t coopai:0.1.0 .
# Every base image is named by its full version. To pin its bytes too, append the digest that your registry shows
# (image:tag@sha256:...); a digest is left out here because it could not be checked where this file was written.

FROM mcr.microsoft.com/dotnet/sdk:10.0.401 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY corpus/ corpus/
COPY prompts/ prompts/
COPY evals/ evals/
COPY src/ src/
RUN dotnet restore src/CoopAI.Cli --locked-mode \
    && dotnet publish src/CoopAI.Cli --configuration Release --no-restore --output /published \
    && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12 AS final
WORKDIR /app
COPY --from=build /published ./
# The only place that is written to; mount a volume there.
COPY --from=build --chown=1654:1654 /data /data
# The root file system may be read-only: no diagnostics sockets, no extracted files.
ENV DOTNET_EnableDiagnostics=0 \
    DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    ASPNETCORE_HTTP_PORTS= \
    COOPAI_SignIn__Mode=Accounts \
    COOPAI_Data=/data
VOLUME /data
EXPOSE 8080
# "app" in Microsoft's images; a number, so that "must not run as root" can be checked without looking inside.
USER 1654:1654
HEALTHCHECK --interval=30s --timeout=10s --start-period=180s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "/app/coopai.dll"]
CMD ["serve", "--urls", "http://+:8080", "--data", "/data"]
