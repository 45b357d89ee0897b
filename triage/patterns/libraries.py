"""Which frames of a stack are the application's: what languages keep apart by folders, names and generated code."""

from __future__ import annotations

import polars as pl

#: What a frame is of, the most telling the highest: the application; a library; the language itself, or generated code.
APPLICATION, LIBRARY, RUNTIME = 2, 1, 0

#: Where package managers put what others wrote: Python, Node, Ruby, Go (also by its version, where paths are trimmed),
#: Rust, PHP and whoever vendors, Dart, Elixir.
LIBRARY_FILE = (
    r"(?:^|/)(?:site-packages|dist-packages|node_modules|gems|vendor|deps|\.pub-cache|\.pnpm|\.yarn)/"
    r"|/pkg/mod/|@v[0-9]|/registry/src/|/git/checkouts/|^phar:|^package:flutter/"
)
#: What comes with a language: its folders, what it calls its own parts, and code that has no file.
RUNTIME_FILE = (
    r"(?:^|/)lib(?:64)?/python[0-9]|^<frozen |^<__array_function__|/lib/ruby/|^<internal:"
    r"|^node:|^internal/|^(?:_\w+|module|net|fs|events|timers|http|vm|domain)\.js$|^wasm:|^<anonymous>$|^index [0-9]"
    r"|/usr/(?:local/|lib/)(?:lib/)?go(?:-[0-9.]+)?/src/|/go/?[0-9.]+/(?:x64/)?src/|/libexec/src/"
    r"|/rustc/|(?:^|/)library/(?:std|core|alloc|panic_unwind)/src/"
    r"|^dart:|^(?:<generated>|\[internal function\])$|^(?:gen_\w+|proc_lib|supervisor|timer|erl_eval)\.erl$"
)
#: The standard library of Go, where paths are trimmed.
GO_RUNTIME = (
    r"^(?:archive|bufio|bytes|compress|container|context|crypto|database/sql|encoding|errors|fmt|hash|html|image|internal"
    r"|io|log|math|mime|net|os|path|plugin|reflect|regexp|runtime|slices|sort|strconv|strings|sync|syscall|testing|text"
    r"|time|unicode|unsafe)[./]|^panic$"
)
#: Names of what comes with the JVM, .NET, Rust, C and Elixir, after what loaders and modules put in front.
RUNTIME_FUNCTION = (
    r"^(?:[\w.@-]*/+)*(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure)\."
    r"|^(?:System|Microsoft|Windows)\.|^<?(?:&mut |&)?(?:std|core|alloc|backtrace)::|^(?:rust_|__rust|_rust)"
    r"|^(?:_start|__libc_start\w*|start_thread|clone3?|_?_?pthread_\w+|\{main\})$"
    r"|^:[a-z]\w*\.|^(?:Enum|GenServer|Task|Task\.Supervised|Stream|Supervisor|Process|Kernel|Agent)\.[\"a-z]"
)
#: What compilers and frameworks write: proxies, accessors, and the wrappers of asynchronous code.
GENERATED = (
    r"\$\$Lambda|\$\$\w*CGLIB|\$\$FastClass|_\$\$_|\$Proxy[0-9]|Generated(?:Method|Constructor)Accessor"
    r"|^(?:DynamicClass|Castle\.Proxies|lambda_method[0-9]*)\b|\\?Proxies\\__CG__"
    r"|^<(?:list|set|dict)comp>$|^<genexpr>$|^<__array_function__ internals>$"
)
#: The helpers that compilers of JavaScript put into the application's own files.
SCRIPT_WRAPPER = (
    r"^(?:__awaiter|__generator|asyncGeneratorStep|tryCatch|fulfilled|rejected|step|_next|_throw"
    r"|(?:Object|Generator)\.(?:next|throw|_invoke))$"
)
#: Frames of the JVM, .NET and Elixir say no folder: whom the usual servers and libraries are of, their names say.
LIBRARY_FUNCTION = (
    r"^(?:[\w.@-]*/+)*(?:org\.(?:springframework|apache|hibernate|eclipse|jboss|wildfly|glassfish|junit|testng|mockito"
    r"|slf4j|aspectj|codehaus|reactivestreams)|io\.(?:netty|grpc|vertx|undertow|micrometer|micronaut|quarkus|reactivex"
    r"|opentelemetry|ktor)|reactor|rx|akka|okhttp3|okio|retrofit2|ch\.qos\.logback|net\.(?:bytebuddy|sf\.cglib)"
    r"|com\.(?:google|fasterxml|zaxxer|mysql|microsoft|oracle|amazonaws|squareup|typesafe))\."
    r"|^(?:Newtonsoft|Npgsql|Dapper|Castle|Polly|Serilog|NLog|Autofac|Grpc|Google|Amazon|Xunit|NUnit)\."
    r"|^(?:Phoenix|Plug|Ecto|DBConnection|Postgrex|Absinthe|Oban)\."
)


def origin(function: pl.Expr, file: pl.Expr) -> pl.Expr:
    """Of what a frame is: `APPLICATION`, `LIBRARY` or `RUNTIME`.

    Parameters
    ----------
    function, file : polars.Expr of str
        Either may be null. Folders are parted by slashes.

    Examples
    --------
    >>> frames = pl.DataFrame({
    ...     "function": ["take", "get", "java.lang.Thread.run", "com.shop.Pool.take"],
    ...     "file": ["/app/shop/pool.py", "/app/.venv/lib/python3.12/site-packages/requests/api.py", None, "Pool.java"],
    ... })
    >>> frames.select(origin(pl.col("function"), pl.col("file"))).to_series().to_list()
    [2, 1, 0, 2]
    """
    function, file = function.fill_null(""), file.fill_null("")
    script = file.str.contains(r"\.[cm]?[jt]sx?(?:\?|$)") & function.str.contains(SCRIPT_WRAPPER)
    go = file.str.contains(r"\.(?:go|s)$") & function.str.contains(GO_RUNTIME)
    runtime = file.str.contains(RUNTIME_FILE) | function.str.contains(RUNTIME_FUNCTION) | go
    kinds = (
        pl.when(function.str.contains(GENERATED) | script)
        .then(RUNTIME)
        .when(file.str.contains(LIBRARY_FILE))
        .then(LIBRARY)
        .when(runtime)
        .then(RUNTIME)
        .when(function.str.contains(LIBRARY_FUNCTION))
        .then(LIBRARY)
        .otherwise(APPLICATION)
    )
    return kinds.cast(pl.Int8).alias("origin")
