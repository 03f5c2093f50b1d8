//! The Python packages of the sample: one table for the files in the layers and for the list of packages beside them.

/// A package as it is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: &'static str,
    /// The name under which Python imports it.
    pub(super) module: &'static str,
    pub(super) version: &'static str,
    pub(super) summary: &'static str,
    pub(super) license: &'static str,
    /// Bytes of compiled code; 0 for one that is Python alone.
    pub(super) compiled: usize,
}

const fn package(
    name: &'static str,
    module: &'static str,
    version: &'static str,
    license: &'static str,
    compiled: usize,
    summary: &'static str,
) -> Package {
    Package {
        name,
        module,
        version,
        summary,
        license,
        compiled,
    }
}

/// What `pip install torch` brings, by generation: the older one first.
pub(super) fn torch(generation: usize) -> Vec<Package> {
    let (version, compiled) = match generation {
        0 => ("2.2.2", 380_000),
        1 => ("2.3.1", 400_000),
        2 => ("2.4.1", 430_000),
        _ => ("2.5.1", 445_000),
    };
    let vision = match generation {
        0 => "0.17.2",
        1 => "0.18.1",
        2 => "0.19.1",
        _ => "0.20.1",
    };
    vec![
        package(
            "torch",
            "torch",
            version,
            "BSD-3-Clause",
            compiled,
            "Tensors and dynamic neural networks in Python",
        ),
        package(
            "torchvision",
            "torchvision",
            vision,
            "BSD-3-Clause",
            38_000,
            "Image and video datasets and models",
        ),
        package(
            "filelock",
            "filelock",
            "3.13.1",
            "Unlicense",
            0,
            "A platform independent file lock",
        ),
        package(
            "fsspec",
            "fsspec",
            "2024.2.0",
            "BSD-3-Clause",
            0,
            "File-system specification",
        ),
        package(
            "jinja2",
            "jinja2",
            "3.1.3",
            "BSD-3-Clause",
            0,
            "A very fast and expressive template engine",
        ),
        package(
            "mpmath",
            "mpmath",
            "1.3.0",
            "BSD-3-Clause",
            0,
            "Floating-point arithmetic with arbitrary precision",
        ),
        package(
            "networkx",
            "networkx",
            "3.2.1",
            "BSD-3-Clause",
            0,
            "Creating and manipulating graphs and networks",
        ),
        package(
            "numpy",
            "numpy",
            "1.26.4",
            "BSD-3-Clause",
            24_000,
            "Fundamental package for array computing",
        ),
        package(
            "sympy",
            "sympy",
            "1.12",
            "BSD-3-Clause",
            0,
            "Computer algebra system in pure Python",
        ),
        package(
            "typing_extensions",
            "typing_extensions",
            "4.9.0",
            "PSF-2.0",
            0,
            "Backported type hints",
        ),
    ]
}

/// What `pip install -r requirements.txt` brings for the detector, by generation.
#[expect(clippy::too_many_lines, reason = "a table of packages")]
pub(super) fn requirements(generation: usize) -> Vec<Package> {
    let newer = |since: usize, new: &'static str, old: &'static str| if generation >= since { new } else { old };
    let mut packages = vec![
        package(
            "numpy",
            "numpy",
            newer(5, "2.1.2", "1.26.4"),
            "BSD-3-Clause",
            26_000,
            "Array computing",
        ),
        package(
            "pillow",
            "PIL",
            newer(4, "10.4.0", "10.2.0"),
            "HPND",
            14_000,
            "Python Imaging Library",
        ),
        package(
            "opencv-python-headless",
            "cv2",
            newer(6, "4.10.0.84", "4.9.0.80"),
            "Apache-2.0",
            31_000,
            "OpenCV without windows",
        ),
        package(
            "safetensors",
            "safetensors",
            newer(3, "0.4.5", "0.4.2"),
            "Apache-2.0",
            5_000,
            "Safe storage of tensors",
        ),
        package(
            "fastapi",
            "fastapi",
            newer(2, "0.115.0", "0.109.2"),
            "MIT",
            0,
            "Web APIs based on type hints",
        ),
        package(
            "starlette",
            "starlette",
            newer(2, "0.38.6", "0.36.3"),
            "BSD-3-Clause",
            0,
            "The little ASGI library",
        ),
        package(
            "uvicorn",
            "uvicorn",
            newer(4, "0.30.6", "0.27.1"),
            "BSD-3-Clause",
            0,
            "A lightning-fast ASGI server",
        ),
        package(
            "pydantic",
            "pydantic",
            newer(1, "2.9.2", "2.6.1"),
            "MIT",
            0,
            "Data validation using type hints",
        ),
        package(
            "pydantic-core",
            "pydantic_core",
            newer(1, "2.23.4", "2.16.2"),
            "MIT",
            9_000,
            "Core of pydantic",
        ),
        package(
            "pyyaml",
            "yaml",
            newer(3, "6.0.2", "6.0.1"),
            "MIT",
            3_000,
            "YAML parser and emitter",
        ),
        package(
            "typing_extensions",
            "typing_extensions",
            newer(1, "4.12.2", "4.9.0"),
            "PSF-2.0",
            0,
            "Backported hints",
        ),
    ];
    if generation >= 3 {
        packages.push(package(
            "prometheus-client",
            "prometheus_client",
            "0.21.0",
            "Apache-2.0",
            0,
            "Prometheus client",
        ));
    }
    if generation >= 5 {
        packages.push(package(
            "timm",
            "timm",
            newer(7, "1.0.9", "1.0.8"),
            "Apache-2.0",
            0,
            "PyTorch image models",
        ));
    }
    packages
}

/// What the nightly forecast needs.
pub(super) fn forecast() -> Vec<Package> {
    vec![
        package(
            "lightgbm",
            "lightgbm",
            "4.5.0",
            "MIT",
            42_000,
            "Gradient boosting that is light",
        ),
        package("numpy", "numpy", "2.1.2", "BSD-3-Clause", 26_000, "Array computing"),
        package(
            "pandas",
            "pandas",
            "2.2.3",
            "BSD-3-Clause",
            30_000,
            "Powerful data structures for data analysis",
        ),
        package(
            "pyarrow",
            "pyarrow",
            "17.0.0",
            "Apache-2.0",
            36_000,
            "Apache Arrow in Python",
        ),
        package(
            "python-dateutil",
            "dateutil",
            "2.9.0.post0",
            "Apache-2.0",
            0,
            "Extensions to datetime",
        ),
        package(
            "zenml",
            "zenml",
            "0.66.0",
            "Apache-2.0",
            0,
            "Pipelines for production machine learning",
        ),
    ]
}

/// A Debian package as `dpkg` lists it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DebianPackage {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) kilobytes: u32,
    pub(super) description: &'static str,
}

const fn debian(name: &'static str, version: &'static str, kilobytes: u32, description: &'static str) -> DebianPackage {
    DebianPackage {
        name,
        version,
        kilobytes,
        description,
    }
}

/// The packages of `debian:12-slim`.
pub(super) const DEBIAN_SLIM: &[DebianPackage] = &[
    debian("apt", "2.6.1", 4232, "commandline package manager"),
    debian(
        "base-files",
        "12.4+deb12u7",
        345,
        "Debian base system miscellaneous files",
    ),
    debian("bash", "5.2.15-2+b7", 7164, "GNU Bourne Again SHell"),
    debian("coreutils", "9.1-1", 18062, "GNU core utilities"),
    debian("dpkg", "1.21.22", 6440, "Debian package management system"),
    debian("libc6", "2.36-9+deb12u8", 12985, "GNU C Library: Shared libraries"),
    debian("libgcc-s1", "12.2.0-14", 140, "GCC support library"),
    debian(
        "libssl3",
        "3.0.14-1~deb12u2",
        6032,
        "Secure Sockets Layer toolkit - shared libraries",
    ),
    debian(
        "tzdata",
        "2024a-0+deb12u1",
        2572,
        "time zone and daylight-saving time data",
    ),
    debian("zlib1g", "1:1.2.13.dfsg-1", 168, "compression library - runtime"),
];

/// What `apt-get install libgl1 libglib2.0-0 curl` adds.
pub(super) const DEBIAN_ADDED: &[DebianPackage] = &[
    debian("ca-certificates", "20230311", 382, "Common CA certificates"),
    debian(
        "curl",
        "7.88.1-10+deb12u7",
        500,
        "command line tool for transferring data with URL syntax",
    ),
    debian(
        "libcurl4",
        "7.88.1-10+deb12u7",
        801,
        "easy-to-use client-side URL transfer library",
    ),
    debian(
        "libgl1",
        "1.6.0-1",
        371,
        "Vendor neutral GL dispatch library -- legacy GL support",
    ),
    debian("libglib2.0-0", "2.74.6-2+deb12u3", 4066, "GLib library of C routines"),
    debian("libx11-6", "2:1.8.4-2+deb12u2", 1575, "X11 client-side library"),
];
