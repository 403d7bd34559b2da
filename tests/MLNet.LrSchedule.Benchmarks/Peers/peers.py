"""Trains the workloads of the command `peers` in PyTorch or scikit-learn.

    peers.py list                            the peers that this interpreter can import, one a line
    peers.py PEER FOLDER THREADS             tells its versions, then answers each line "run WORKLOAD TIMES" with seconds per run and loss

FOLDER holds workloads.json and a file WORKLOAD.bin each: features [rows x inputs] and labels [rows] as float32, the first weights [inputs x outputs]
and biases of each layer as float32, and the order of the rows of each epoch as int32. All answers are JSON, one a line.
"""

import importlib.util
import json
import os
import sys
import time

MODULES = {"torch": "torch", "sklearn": "sklearn.neural_network"}


class Workload:
    def __init__(self, folder, description):
        import numpy

        self.__dict__.update(description)
        with open(os.path.join(folder, self.name + ".bin"), "rb") as file:
            def read(kind, *shape):
                count = int(numpy.prod(shape))
                return numpy.fromfile(file, dtype=kind, count=count).reshape(shape)

            self.features = read(numpy.float32, self.rows, self.widths[0])
            self.labels = read(numpy.float32, self.rows)
            self.layers = [
                (read(numpy.float32, inputs, outputs), read(numpy.float32, outputs))
                for inputs, outputs in zip(self.widths, self.widths[1:])
            ]
            self.orders = read(numpy.int32, self.epochs, self.rows)

    def loss(self, weights):
        """The mean loss over all rows, from the weights that a run gave, by one formula for every peer."""
        import numpy

        values = self.features
        for layer, (weight, bias) in enumerate(weights):
            values = values @ weight + bias
            if layer + 1 < len(weights):
                values = numpy.maximum(values, 0)
        logits = values.astype(numpy.float64)
        if logits.shape[1] == 1:
            return float(numpy.mean(numpy.logaddexp(0, logits[:, 0]) - self.labels * logits[:, 0]))
        largest = logits.max(axis=1)
        sums = numpy.log(numpy.exp(logits - largest[:, None]).sum(axis=1)) + largest
        return float(numpy.mean(sums - logits[numpy.arange(self.rows), self.labels.astype(int)]))


class Torch:
    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)
        self.torch = torch

    def version(self):
        return "PyTorch " + self.torch.__version__

    def prepare(self, workload):
        torch = self.torch
        features = torch.from_numpy(workload.features)
        binary = workload.widths[-1] == 1
        labels = torch.from_numpy(workload.labels)
        labels = labels.reshape(-1, 1) if binary else labels.long()
        measure = torch.nn.functional.binary_cross_entropy_with_logits if binary else torch.nn.functional.cross_entropy
        orders = [torch.from_numpy(order).long() for order in workload.orders]
        first = [(torch.from_numpy(weight.T.copy()), torch.from_numpy(bias)) for weight, bias in workload.layers]

        def start():
            parts = []
            for inputs, outputs in zip(workload.widths, workload.widths[1:]):
                parts += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
            model = torch.nn.Sequential(*parts[:-1])
            optimizer = torch.optim.SGD(model.parameters(), lr=workload.rate, momentum=workload.momentum)

            def train():
                # The leanest way to a copy of the first weights, which belongs to everybody's time.
                for linear, (weight, bias) in zip(parts[::2], first):
                    linear.weight.data = weight.clone()
                    linear.bias.data = bias.clone()
                for order in orders:
                    for rows in order.split(workload.batch):
                        optimizer.zero_grad(set_to_none=True)
                        loss = measure(model(features.index_select(0, rows)), labels.index_select(0, rows))
                        loss.backward()
                        optimizer.step()

            def weights():
                return [(part.weight.detach().numpy().T, part.bias.detach().numpy()) for part in model if hasattr(part, "weight")]

            return train, weights

        return start


class Sklearn:
    def __init__(self, threads):
        import sklearn
        import sklearn.neural_network

        self.sklearn = sklearn

    def version(self):
        return "scikit-learn " + self.sklearn.__version__

    def prepare(self, workload):
        import sklearn.neural_network._multilayer_perceptron as implementation

        labels = workload.labels.astype(int)
        estimator = implementation.MLPClassifier(
            hidden_layer_sizes=workload.widths[1:-1], activation="relu", solver="sgd", alpha=0.0, batch_size=workload.batch,
            learning_rate="constant", learning_rate_init=workload.rate, momentum=workload.momentum, nesterovs_momentum=False,
            shuffle=True, tol=0.0, n_iter_no_change=10**9, max_iter=1, warm_start=True, random_state=1)
        estimator.fit(workload.features, labels)
        estimator.set_params(max_iter=workload.epochs)

        def start():
            orders = iter(workload.orders)

            def train():
                # A warm start goes on from these, with a new optimizer.
                estimator.coefs_ = [weight.copy() for weight, _ in workload.layers]
                estimator.intercepts_ = [bias.copy() for _, bias in workload.layers]
                # The order of the rows is given, so that all see the same batches; the estimator gathers them itself.
                own = implementation.shuffle
                implementation.shuffle = lambda rows, random_state: next(orders)
                try:
                    estimator.fit(workload.features, labels)
                finally:
                    implementation.shuffle = own

            return train, lambda: list(zip(estimator.coefs_, estimator.intercepts_))

        return start


def answer(**values):
    print(json.dumps(values), flush=True)


def blas():
    """The kernels that OpenBLAS chose, which decide what a peer can reach."""
    import ctypes

    try:
        library = ctypes.CDLL("libopenblas.so.0")
        library.openblas_get_corename.restype = ctypes.c_char_p
        library.openblas_get_config.restype = ctypes.c_char_p
        return " ".join(library.openblas_get_config().decode().split()[:2]) + " with kernels for " + library.openblas_get_corename().decode()
    except (OSError, AttributeError):
        return "another BLAS"


def main():
    if sys.argv[1] == "list":
        for peer, module in MODULES.items():
            if importlib.util.find_spec(module.split(".")[0]) is not None:
                print(peer)
        return

    import warnings

    warnings.simplefilter("ignore")
    name, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    peer = {"torch": Torch, "sklearn": Sklearn}[name](threads)
    with open(os.path.join(folder, "workloads.json"), encoding="utf-8") as file:
        descriptions = {description["name"]: description for description in json.load(file)}
    answer(version=f"{peer.version()}, {blas()}, Python {sys.version.split()[0]}")
    prepared = {}
    for line in sys.stdin:
        _, workload_name, times = line.split()
        if workload_name not in prepared:
            workload = Workload(folder, descriptions[workload_name])
            prepared[workload_name] = workload, peer.prepare(workload)
        workload, start = prepared[workload_name]
        seconds = 0.0
        for _ in range(int(times)):
            train, weights = start()
            before = time.perf_counter()
            train()
            seconds += time.perf_counter() - before
        answer(seconds=seconds / int(times), loss=workload.loss(weights()))


main()
