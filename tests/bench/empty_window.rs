//! The least that a window of this toolkit costs: what Berth's own is measured against.

fn main() {
    let context = tauri::generate_context!();
    tauri::Builder::default()
        .setup(|app| {
            let address = tauri::WebviewUrl::External("about:blank".parse().expect("an address"));
            tauri::WebviewWindowBuilder::new(app, "main", address)
                .title("Empty")
                .inner_size(1280.0, 800.0)
                .build()?;
            Ok(())
        })
        .run(context)
        .expect("a window");
}
