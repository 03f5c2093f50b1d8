//! The layers on which the sample's images stand: Debian, what apt adds, CUDA, Python, torch.

use std::{fmt::Write, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    SampleError,
    image::Step,
    layer::{LayerContent, PackedLayer, Shelf},
    noise,
    packages::{self, DEBIAN_ADDED, DEBIAN_SLIM, DebianPackage},
    python::{self, SITE_PACKAGES},
};

/// Which of its base images a version stands on. Versions of one generation share these layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    /// 0 or 1: Debian, CUDA and Python were renewed once during the year.
    pub(super) generation: usize,
    /// Which torch; see [`packages::torch`].
    pub(super) torch: usize,
    /// When the generation was built.
    pub(super) built: DateTime<Utc>,
    /// When this torch was installed.
    pub(super) installed: DateTime<Utc>,
}

impl Base {
    fn cuda(self) -> &'static str {
        if self.generation == 0 { "12.1" } else { "12.4" }
    }

    /// The environment that these layers set.
    pub(super) fn environment(self, architecture: &str) -> Vec<String> {
        let mut environment = vec![
            "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin".to_owned(),
            "LANG=C.UTF-8".to_owned(),
            "PYTHON_VERSION=3.11.9".to_owned(),
            "PYTHONUNBUFFERED=1".to_owned(),
        ];
        if architecture == "amd64" {
            environment.push(format!("CUDA_VERSION={}", self.cuda()));
            environment.push("LD_LIBRARY_PATH=/usr/local/cuda/lib64".to_owned());
            environment.push("NVIDIA_VISIBLE_DEVICES=all".to_owned());
        }
        environment
    }

    /// The steps up to and with torch; CUDA for amd64 only.
    pub(super) fn steps(self, architecture: &str, layers_made: &mut Shelf) -> Result<Vec<Step>, SampleError> {
        let mut steps = vec![
            Step::layer(
                "FROM debian 12 slim",
                self.built,
                self.debian(architecture, layers_made)?,
            ),
            Step::layer(
                "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 curl && rm -rf /var/lib/apt/lists/* # buildkit",
                self.built,
                self.added(architecture, layers_made)?,
            ),
        ];
        if architecture == "amd64" {
            let cuda = format!("CUDA {} runtime", self.cuda());
            steps.push(Step::layer(cuda, self.built, self.cuda_runtime(layers_made)?));
        }
        steps.push(Step::layer(
            "Python 3.11",
            self.built,
            self.python(architecture, layers_made)?,
        ));
        steps.push(Step::setting("ENV PYTHONUNBUFFERED=1", self.built));
        let torch = packages::torch(self.torch);
        let version = torch.first().map_or("", |package| package.version);
        let command = format!("RUN /bin/sh -c pip install torch=={version} torchvision # buildkit");
        steps.push(Step::layer(
            command,
            self.installed,
            self.torch(architecture, layers_made)?,
        ));
        Ok(steps)
    }

    /// Debian, apt's additions and Python alone, for what computes without a graphics card.
    pub(super) fn slim_steps(self, architecture: &str, layers_made: &mut Shelf) -> Result<Vec<Step>, SampleError> {
        Ok(vec![
            Step::layer(
                "FROM debian 12 slim",
                self.built,
                self.debian(architecture, layers_made)?,
            ),
            Step::layer("Python 3.11", self.built, self.python(architecture, layers_made)?),
            Step::setting("ENV PYTHONUNBUFFERED=1", self.built),
        ])
    }

    fn name(self, part: &str, architecture: &str) -> String {
        format!("{part} {} {architecture}", self.generation)
    }

    fn debian(self, architecture: &str, layers_made: &mut Shelf) -> Result<Arc<PackedLayer>, SampleError> {
        let name = self.name("debian", architecture);
        layers_made.layer(&name, self.built, || {
            let mut layer = LayerContent::default();
            for folder in [
                "etc",
                "usr",
                "usr/bin",
                "usr/lib",
                "tmp",
                "var",
                "var/lib",
                "var/lib/dpkg",
            ] {
                layer.folder(folder);
            }
            layer.link("bin", "usr/bin").link("lib", "usr/lib");
            layer
                .file("etc/os-release", OS_RELEASE)
                .file("etc/debian_version", "12.6\n");
            layer.file(
                "etc/apt/sources.list",
                "deb http://deb.debian.org/debian bookworm main\n",
            );
            layer.file(
                "etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
            );
            for (program, length) in [("bash", 26_000), ("ls", 6_000), ("dpkg", 9_000), ("apt-get", 4_000)] {
                layer.program(
                    &format!("usr/bin/{program}"),
                    noise::bytes(&format!("{name} {program}"), length),
                );
            }
            layer.program("usr/lib/libc.so.6", noise::bytes(&format!("{name} libc"), 34_000));
            layer.program("usr/lib/libssl.so.3", noise::bytes(&format!("{name} libssl"), 18_000));
            layer.file("var/lib/dpkg/status", dpkg_status(&[DEBIAN_SLIM], architecture));
            layer.file(
                "var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease",
                "Origin: Debian\n",
            );
            layer.file(
                "var/cache/apt/pkgcache.bin",
                noise::bytes(&format!("{name} cache"), 9_000),
            );
            layer
        })
    }

    fn added(self, architecture: &str, layers_made: &mut Shelf) -> Result<Arc<PackedLayer>, SampleError> {
        let name = self.name("apt", architecture);
        layers_made.layer(&name, self.built, || {
            let mut layer = LayerContent::default();
            layer.program("usr/bin/curl", noise::bytes(&format!("{name} curl"), 12_000));
            for (library, length) in [
                ("libGL.so.1", 21_000),
                ("libglib-2.0.so.0", 33_000),
                ("libX11.so.6", 19_000),
            ] {
                layer.program(
                    &format!("usr/lib/{library}"),
                    noise::bytes(&format!("{name} {library}"), length),
                );
            }
            layer.file("etc/ssl/certs/ca-certificates.crt", noise::hex(&name, 64).repeat(40));
            // The same file as in the layer below, with more in it.
            layer.file(
                "var/lib/dpkg/status",
                dpkg_status(&[DEBIAN_SLIM, DEBIAN_ADDED], architecture),
            );
            layer.emptied("var/lib/apt/lists");
            layer.removed("var/cache/apt/pkgcache.bin");
            layer
        })
    }

    fn cuda_runtime(self, layers_made: &mut Shelf) -> Result<Arc<PackedLayer>, SampleError> {
        let name = self.name("cuda", "amd64");
        let version = self.cuda();
        layers_made.layer(&name, self.built, || {
            let mut layer = LayerContent::default();
            let folder = format!("usr/local/cuda-{version}");
            layer
                .folder("usr/local")
                .folder(&folder)
                .folder(&format!("{folder}/lib64"));
            layer.link("usr/local/cuda", &format!("cuda-{version}"));
            layer.file(
                &format!("{folder}/version.json"),
                format!("{{\"cuda\":{{\"version\":\"{version}\"}}}}\n"),
            );
            for (library, length) in CUDA_LIBRARIES {
                let bytes = noise::bytes(&format!("{name} {library}"), *length);
                layer.program(&format!("{folder}/lib64/{library}"), bytes);
            }
            layer
        })
    }

    fn python(self, architecture: &str, layers_made: &mut Shelf) -> Result<Arc<PackedLayer>, SampleError> {
        let name = self.name("python", architecture);
        layers_made.layer(&name, self.built, || {
            let mut layer = LayerContent::default();
            layer.program(
                "usr/local/bin/python3.11",
                noise::bytes(&format!("{name} python"), 21_000),
            );
            layer
                .link("usr/local/bin/python3", "python3.11")
                .link("usr/local/bin/python", "python3");
            layer.program(
                "usr/local/bin/pip",
                "#!/usr/local/bin/python3.11\nfrom pip._internal.cli.main import main\nmain()\n",
            );
            for module in [
                "abc",
                "argparse",
                "asyncio",
                "collections",
                "dataclasses",
                "json",
                "logging",
                "pathlib",
                "typing",
            ] {
                let text = format!("\"\"\"The module {module} of the standard library.\"\"\"\n").repeat(40);
                layer.file(&format!("usr/local/lib/python3.11/{module}.py"), text);
            }
            layer.folder("root/.cache/pip");
            layer.file(
                "root/.cache/pip/selfcheck.bin",
                noise::bytes(&format!("{name} pip cache"), 7_000),
            );
            layer.folder(SITE_PACKAGES);
            layer.file(
                &format!("{SITE_PACKAGES}/README.txt"),
                "Third-party packages are installed here.\n",
            );
            layer
        })
    }

    fn torch(self, architecture: &str, layers_made: &mut Shelf) -> Result<Arc<PackedLayer>, SampleError> {
        let name = format!("torch {} {architecture}", self.torch);
        layers_made.layer(&name, self.installed, || {
            let mut layer = LayerContent::default();
            for mut package in packages::torch(self.torch) {
                // Without CUDA torch is a fraction of its size.
                package.compiled = if architecture == "amd64" {
                    package.compiled
                } else {
                    package.compiled / 3
                };
                python::install(&mut layer, &package, architecture);
            }
            layer
        })
    }
}

const CUDA_LIBRARIES: &[(&str, usize)] = &[
    ("libcublas.so.12", 190_000),
    ("libcublasLt.so.12", 150_000),
    ("libcudart.so.12", 24_000),
    ("libcufft.so.11", 86_000),
    ("libcusolver.so.11", 70_000),
];

const OS_RELEASE: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n";

/// The database of dpkg: a paragraph for each package.
fn dpkg_status(lists: &[&[DebianPackage]], architecture: &str) -> String {
    let mut status = String::new();
    for package in lists.iter().copied().flatten() {
        let DebianPackage {
            name,
            version,
            kilobytes,
            description,
        } = package;
        // Writing into a string cannot fail.
        let _ = write!(
            status,
            "Package: {name}\nStatus: install ok installed\nPriority: optional\nSection: libs\nInstalled-Size: {kilobytes}\nMaintainer: Debian Developers <debian-devel@lists.debian.org>\nArchitecture: {architecture}\nVersion: {version}\nDescription: {description}\n\n"
        );
    }
    status
}
