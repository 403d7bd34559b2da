// THE SEAM TO ML.NET'S INTERNALS
//
// Why there is one. A trainer of ML.NET's own derives from TrainerEstimatorBase, its model from ModelParametersBase, and both are wrapped
// into one of the stock prediction transformers. Everything users expect of a trainer hangs on that: schema propagation, Evaluate,
// CrossValidate, permutation feature importance, ChangeModelThreshold, OneVersusAll, and above all Model.Save and Model.Load. ML.NET keeps
// the constructors of those classes, the context a model is written to and the attribute that makes a class loadable to itself and its
// sibling packages (LightGbm, FastTree), which it names one by one. From outside, an estimator can be written over the public interfaces, but
// its model can then not be saved inside a pipeline, and no generic trainer accepts it. So this library does what the siblings do, without
// being named.
//
// How it works. Two halves have to agree, the compiler and the runtime.
//
//   The compiler reads copies of Microsoft.ML.Core and Microsoft.ML.Data in which a list of types is open. The build makes them
//   (Build/OpenInternals.targets calls the task in Build/OpenInternals.cs for the types in Build/OpenedTypes.props) and keeps them in obj/.
//   Only accessibility flags differ: internal became public, private protected became protected. Members that are private or protected stay
//   so, and so does every type that is not on the list, so that a new dependency is a line somebody has to write there. The copies go to the
//   compiler alone: the dependency file, the output folder, the package and whoever references this project see the package's assemblies.
//
//   The runtime checks access once more when it compiles a method, and would refuse. The attribute below, given to an assembly, makes it skip
//   that check for the two assemblies named. The runtime looks for the attribute by its full name and does not care who declares it,
//   which is why it is declared here. It is not documented and nobody promises to keep it; it has worked since .NET Framework 4.6 and in
//   every .NET since, and the runtime's own DispatchProxy relies on it.
//
// Which members. tests/.../Golden/Estimators/NonPublicReferences.txt lists every type and member that is used and not public, and a test keeps
// the list equal to what the compiled library really references. All of them carry ML.NET's own attribute BestFriend, its mark for what sibling
// packages may rely on, but for the constructor of PlattCalibrator and
// the abstract members every trainer has to override. The rule is to use nothing else that lacks the mark. In short:
//
//   training     TrainerEstimatorBase, TrainerInfo, TrainContext, IPredictor, PredictionKind, Contracts
//   rows         RoleMappedData, RoleMappedSchema, TrainerUtils
//   schemas      SchemaShape and its Column, AnnotationUtils
//   models       ModelParametersBase, IValueMapper, ValueMapper, ValueMapperCalibratedModelParameters, PlattCalibrator
//   files        ModelSaveContext, ModelLoadContext, VersionInfo, LoadableClassAttribute, SignatureLoadModel
//   ONNX         ICanSaveOnnx, ISingleCanSaveOnnx, OnnxContext, OnnxNode
//   the rest     the constructors of the three prediction transformers, CatalogUtils
//
// Who may use them. Only the files of this folder name them; the rest of the library sees TrainerSeam, ModelSeam, LabelledData and their
// like. Overrides of private protected members are written protected. Public classes that have such members, or whose base has, are sealed
// or have private protected constructors, so that nobody outside meets a member whose types he cannot name.
//
// What happens when ML.NET changes. At build time: a renamed type stops the build step with its name, a changed member stops the compiler. At
// run time, with an ML.NET other than the one compiled against: one test loads every type and compiles every method against the assemblies
// that are really there, which is the moment the runtime looks members up; the other test finds each reference in the metadata. Both fail
// with the member's name. A user meets TestedVersions: the first call says which versions of ML.NET the library works with. The version compiled against is one property, MicrosoftMLVersion in Directory.Packages.props: to try another
// version, change it and run the tests of this folder.

using System.Runtime.CompilerServices;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
