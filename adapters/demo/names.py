"""People and journals of the demo's papers. The people are made up; the journals exist, the papers in them do not."""

from __future__ import annotations

from adapters.demo.library import Journal

FORE = (
    "Aïcha", "Akira", "Alejandra", "Amélie", "Anders", "Aoife", "Ayşe", "Beatriz", "Björn", "Carolina", "Chiara",
    "Chidi", "Daniela", "Dilan", "Dimitris", "Eero", "Elżbieta", "Emeka", "Eszter", "Fatima", "Felix", "François",
    "Gabriel", "Giulia", "Hannah", "Haruka", "Helga", "Hyun-Woo", "Ingrid", "Ismaël", "Jana", "Jiří", "Joana",
    "José Luis", "Julia S", "Kateřina", "Khadija", "Kwame", "Lars", "Leila", "Li-Na", "Lucía", "Maëlle", "Magdalena",
    "Maria José", "Mateus", "Mei-Ling", "Mehmet", "Min-Jun", "Moritz", "Nadia", "Niamh", "Noémie", "Olga", "Omar",
    "Paweł", "Petra", "Pooja", "Priyanka", "Quentin", "Rahel", "Ravi", "Rodrigo", "Sakura", "Samir", "Sanna", "Saoirse",
    "Seyed Ali", "Siân", "Sofia", "Søren", "Tamás", "Thandiwe", "Théo", "Tuğba", "Uwe", "Valentina", "Wei", "Xinyi",
    "Yaw", "Yuki", "Yusuf", "Zdeněk", "Zhen", "Zoë",
)  # fmt: skip

LAST = (
    "Abubakar", "Ahlström", "Almási", "Andrade", "Árnadóttir", "Bachmann", "Balogun", "Beaumont", "Bjørnstad",
    "Çelikkaya", "Chaudhary", "Cvetković", "Dąbrowska", "Delacroix", "Demirtaş", "Eklund", "Esposito", "Fernández Ruiz",
    "Figueiredo", "Fröhlich", "Fukumoto", "Gallagher", "Gonçalves", "Grünwald", "Haddad", "Hägglund", "Hashimoto",
    "Hernández", "Hofmeister", "Horváth", "Ibáñez", "Iwasaki", "Jabłońska", "Jørgensen", "Kavčič", "Khatri", "Kim",
    "Kowalewski", "Krüger", "Kučera", "Lefèvre", "Lindqvist", "López Vidal", "Marchetti", "Mbeki", "Meyer-Lindt",
    "Moreau", "Müller", "Mwangi", "Nakagawa", "Ndiaye", "Nguyễn", "Novotný", "O'Sullivan", "Okafor", "Ólafsson",
    "Öztürk", "Papadakis", "Park", "Patwardhan", "Pérez Soto", "Petrović", "Quispe", "Ramaswamy", "Rautio", "Ribeiro",
    "Rosenthal", "Saarinen", "Sánchez", "Schäfer", "Ševčík", "Silva Prado", "Škoda", "Sørensen", "Szabó", "Takahashi",
    "Tavares", "Thorvaldsen", "Tkachenko", "Ueno", "van den Heuvel", "Vasquez", "Verhaegen", "Wójcik", "Xu", "Yıldız",
    "Zając", "Zhang", "Zięba", "Zimmermann",
)  # fmt: skip

PLACES = (
    "Department of Radiology, University Hospital, Uppsala, Sweden",
    "Institute of Diagnostic and Interventional Radiology, Zürich, Switzerland",
    "Department of Biomedical Engineering, Universidade de Coimbra, Portugal",
    "Department of Radiology and Nuclear Medicine, Utrecht, The Netherlands",
    "School of Computing and Imaging Science, Galway, Ireland",
    "Division of Medical Image Computing, Heidelberg, Germany",
    "Department of Radiology, Seoul National Hospital, Seoul, Republic of Korea",
    "Center for Imaging Informatics, Montréal, Québec, Canada",
    "Department of Medical Imaging, Nairobi, Kenya",
    "Servicio de Radiodiagnóstico, Hospital Universitario, Valencia, Spain",
    "Graduate School of Medicine, Kyoto, Japan",
    "Department of Radiology, All India Teaching Hospital, Pune, India",
    "Zakład Radiologii, Uniwersytet Medyczny, Gdańsk, Poland",
    "Department of Imaging Sciences, Boston, MA, USA",
)

JOURNALS = (
    Journal("Radiology", "Radiology", "1527-1315", "United States"),
    Journal("Radiology. Artificial intelligence", "Radiol Artif Intell", "2638-6100", "United States"),
    Journal("European radiology", "Eur Radiol", "1432-1084", "Germany"),
    Journal("European radiology experimental", "Eur Radiol Exp", "2509-9280", "England"),
    Journal("Medical image analysis", "Med Image Anal", "1361-8423", "Netherlands"),
    Journal("IEEE transactions on medical imaging", "IEEE Trans Med Imaging", "1558-254X", "United States"),
    Journal("Insights into imaging", "Insights Imaging", "1869-4101", "Germany"),
    Journal("Journal of imaging informatics in medicine", "J Imaging Inform Med", "2948-2933", "Switzerland"),
    Journal("AJR. American journal of roentgenology", "AJR Am J Roentgenol", "1546-3141", "United States"),
    Journal("European journal of radiology", "Eur J Radiol", "1872-7727", "Ireland"),
    Journal("NPJ digital medicine", "NPJ Digit Med", "2398-6352", "England"),
    Journal("The British journal of radiology", "Br J Radiol", "1748-880X", "England"),
    Journal("Journal of magnetic resonance imaging : JMRI", "J Magn Reson Imaging", "1522-2586", "United States"),
    Journal("Investigative radiology", "Invest Radiol", "1536-0210", "United States"),
    Journal("La Radiologia medica", "Radiol Med", "1826-6983", "Italy"),
    Journal("Academic radiology", "Acad Radiol", "1878-4046", "United States"),
)

SYSTEM_STARTS = (
    "Rad", "Scan", "Voxel", "Opti", "Uni", "Clin", "Flow", "Dual", "Hier", "Causal", "Prompt", "Anat", "Iso", "Tri",
    "Meta", "Aero", "Cardio", "Neuro", "Spectra", "Omni", "Lumen", "Graph", "Echo", "Sym", "Proto", "Quant",
)  # fmt: skip
SYSTEM_ENDS = (
    "Former", "Net", "Diff", "CLIP", "Mamba", "Seg", "Fuse", "Lens", "Path", "Agent", "Align", "Prior", "Distill",
    "GPT", "Flow", "Mix", "Scope", "JEPA", "MoE", "Adapter",
)  # fmt: skip
