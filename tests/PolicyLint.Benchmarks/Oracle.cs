using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLint.Benchmarks;

/// <summary>PostgreSQL's own parser: a folder with oracle.mjs, where `npm install` was run. Lines of JSON go in, its answers come out.</summary>
internal sealed class Oracle(string folder)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a script of this folder with the oracle's parser; what it says goes to the console.</summary>
    public int Run(string script, IEnumerable<object> lines)
    {
        using var text = new StreamReader(typeof(Oracle).Assembly.GetManifestResourceStream(script)!);
        return Run(["--input-type=module", "--eval", text.ReadToEnd()], lines, standardOutput: null);
    }

    /// <summary>The answers of a mode of oracle.mjs.</summary>
    public IReadOnlyList<string> Ask(string mode, IEnumerable<object> lines)
    {
        var answers = new List<string>();
        Run(["oracle.mjs", mode], lines, answers);
        return answers;
    }

    private int Run(IEnumerable<string> arguments, IEnumerable<object> lines, List<string>? standardOutput)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = standardOutput is not null };
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var process = Process.Start(start)!;
        if (standardOutput is not null)
        {
            process.OutputDataReceived += (_, e) =>
            {
                if (e.Data is not null)
                    standardOutput.Add(e.Data);
            };
            process.BeginOutputReadLine();
        }
        using (var input = process.StandardInput)
        {
            foreach (var line in lines)
                input.WriteLine(JsonSerializer.Serialize(line, Json));
        }
        process.WaitForExit();
        return process.ExitCode;
    }
}
