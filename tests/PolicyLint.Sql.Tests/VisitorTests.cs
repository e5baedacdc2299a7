using System.Reflection;
using System.Runtime.CompilerServices;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public sealed class VisitorTests
{
    public static TheoryData<Type> NodeTypes => [.. typeof(SqlNode).Assembly.GetTypes().Where(static t => !t.IsAbstract && typeof(SqlNode).IsAssignableFrom(t))];

    [Theory]
    [MemberData(nameof(NodeTypes))]
    public void Every_property_that_holds_nodes_is_visited(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var element = property.PropertyType.IsArray ? property.PropertyType.GetElementType()! : property.PropertyType;
            if (!typeof(SqlNode).IsAssignableFrom(element))
                continue;
            var child = (SqlNode)RuntimeHelpers.GetUninitializedObject(element.IsAbstract ? Concrete(element) : element);
            var node = (SqlNode)RuntimeHelpers.GetUninitializedObject(type);
            foreach (var list in type.GetProperties().Where(static p => p.PropertyType.IsArray))
                list.SetValue(node, Array.CreateInstance(list.PropertyType.GetElementType()!, 0));
            var value = (object)child;
            if (property.PropertyType.IsArray)
            {
                var items = Array.CreateInstance(element, 1);
                items.SetValue(child, 0);
                value = items;
            }
            property.SetValue(node, value);
            var seen = new Collector();
            node.AcceptChildren(seen);

            Assert.True(seen.Nodes.Contains(child), $"{type.Name}.{property.Name} is not visited");
        }
    }

    private static Type Concrete(Type type) => type.Assembly.GetTypes().First(t => !t.IsAbstract && type.IsAssignableFrom(t));

    private sealed class Collector : SqlVisitor
    {
        public List<SqlNode> Nodes { get; } = [];

        public override void Visit(SqlNode? node)
        {
            if (node is not null)
                Nodes.Add(node);
        }
    }
}
