using System.Globalization;
using System.Xml;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Output;

/// <summary>
/// JUnit's XML, which every CI shows: a suite a file, a failed case an error or warning, a passed one a piece of information. What could
/// not be checked is an error. Where there is nothing to say, one passed case stands for the run.
/// </summary>
internal sealed class JUnitReportWriter : IReportWriter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };

    public void Write(Report report, TextWriter output)
    {
        output.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var xml = XmlWriter.Create(output, Settings))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "policylint");
            foreach (var file in report.Findings.GroupBy(finding => Place.Of(finding.Location).Path, StringComparer.Ordinal))
                WriteFile(xml, file.Key, [.. file]);
            WriteNotChecked(xml, report);
            foreach (var plan in report.Plans)
                WritePassed(xml, plan);
            if (report.Plans.Count == 0 && report.Findings.Count == 0 && report.Problems.Count == 0 && report.InternalErrors.Count == 0)
            {
                StartSuite(xml, "policylint", tests: 1, failures: 0, errors: 0);
                StartCase(xml, "policylint", $"{report.Files} files, {report.Statements} statements");
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        output.Write('\n');
    }

    private static void WriteFile(XmlWriter xml, string path, List<Finding> findings)
    {
        StartSuite(xml, path, findings.Count, findings.Count(f => f.Severity >= Severity.Warning), errors: 0);
        foreach (var finding in findings)
        {
            var place = Place.Of(finding.Location);
            StartCase(xml, path, place.IsLive ? $"{finding.Rule.Id} {finding.Rule.Name}" : $"{finding.Rule.Id} {finding.Rule.Name}, line {place.Line}");
            if (!place.IsLive)
            {
                xml.WriteAttributeString("file", Allowed(path));
                xml.WriteAttributeString("line", place.Line.ToString(CultureInfo.InvariantCulture));
            }
            if (finding.Severity >= Severity.Warning)
            {
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("type", SeverityNames.Of(finding.Severity));
                xml.WriteAttributeString("message", Allowed(finding.Message));
            }
            else
                xml.WriteStartElement("system-out");
            xml.WriteString(Allowed(Details(finding, place)));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    // What failed is among the findings, at its line in the plan.
    private static void WritePassed(XmlWriter xml, PlanLog plan)
    {
        StartSuite(xml, $"{plan.Plan.Source.Path}, {PhaseNames.Of(plan.Phase)}, {plan.Database}", plan.Count(CheckOutcome.Passed), failures: 0, errors: 0);
        foreach (var result in plan.Results)
        {
            if (result.Outcome != CheckOutcome.Passed)
                continue;
            StartCase(xml, plan.Plan.Source.Path, result.Expectation.Statement);
            xml.WriteAttributeString("time", result.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteNotChecked(XmlWriter xml, Report report)
    {
        if (report.Problems.Count + report.InternalErrors.Count == 0)
            return;
        StartSuite(xml, "not checked", report.Problems.Count + report.InternalErrors.Count, failures: 0, report.Problems.Count + report.InternalErrors.Count);
        foreach (var problem in report.Problems)
            WriteError(xml, problem.Path, "not checked", problem.Message);
        foreach (var error in report.InternalErrors)
            WriteError(xml, "policylint", "internal error", error);
        xml.WriteEndElement();
    }

    private static void WriteError(XmlWriter xml, string className, string name, string message)
    {
        StartCase(xml, className, name);
        xml.WriteStartElement("error");
        xml.WriteAttributeString("message", Allowed(message));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void StartSuite(XmlWriter xml, string name, int tests, int failures, int errors)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Allowed(name));
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    private static void StartCase(XmlWriter xml, string className, string name)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Allowed(className));
        xml.WriteAttributeString("name", Allowed(name));
    }

    private static string Details(Finding finding, Place place)
    {
        var lines = new List<string> { $"{place}: {finding.Message}" };
        foreach (var related in finding.Related)
            lines.Add($"{Place.Of(related.Location)}: {related.Message}");
        if (finding.Witness is { } witness)
            lines.Add("witness: " + witness);
        return string.Join('\n', lines);
    }

    // XML has no way to write most control characters, not even escaped.
    private static string Allowed(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            return string.Create(text.Length, text, static (result, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    var isPair = i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]);
                    result[i] = isPair || XmlConvert.IsXmlChar(source[i]) ? source[i] : '\uFFFD';
                    if (isPair)
                        result[i + 1] = source[++i];
                }
            });
        }
    }
}
