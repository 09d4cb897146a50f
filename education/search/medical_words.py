"""Words with a medical meaning. A spelling is never corrected away from one of them, and an opioid shows a warning.

Names only, no facts about them: those are on pages that a clinician signs. Brands are of the US and the UK.
"""

from education.search.words import words_of


def _names(text: str) -> tuple[tuple[str, ...], ...]:
    """The names between commas, each as the words that the index compares."""
    return tuple(dict.fromkeys(tuple(words_of(name)) for name in text.split(",")))


OPIOIDS = _names(
    """
    opioid, opioids, opiate, opiates, narcotic, narcotics, painkiller patch, pain pills, cough syrup with codeine,
    codeine, Tylenol 3, Tylenol #3, Fioricet, Fiorinal, co-codamol, Nurofen Plus, Solpadeine, hydrocodone, Vicodin,
    Norco, Lortab, Lorcet, Hysingla, oxycodone, oxy, OxyContin, Percocet, Roxicodone, Endocet, Xtampza, OxyNorm,
    Longtec, Targinact, tramadol, Ultram, Ultracet, ConZip, Seglentis, Zydol, Tramacet, tapentadol, Nucynta, Palexia,
    morphine, MS Contin, Oramorph, Zomorph, hydromorphone, Dilaudid, oxymorphone, Opana, meperidine, Demerol,
    pethidine, levorphanol, fentanyl, Duragesic, Actiq, Fentora, Durogesic, Matrifen, methadone, Dolophine, Methadose,
    Physeptone, buprenorphine, Suboxone, Subutex, Zubsolv, Butrans, Buprenex, Belbuca, Sublocade, Brixadi, Buvidal,
    Espranor, Temgesic, dihydrocodeine, Trezix, co-dydramol, pentazocine, butorphanol, nalbuphine, diphenoxylate,
    Lomotil, difenoxin, Motofen, paregoric, opium, eluxadoline, Viberzi, Truberzi, Tussionex, Hycodan, Hydromet,
    Cheratussin AC, Robitussin AC, kaolin and morphine, heroin, poppy tea, poppy seed tea, kratom, 7-OH, 7OH,
    hydroxymitragynine, mitragynine, tianeptine, Zaza, Tianaa, opioide, opioides, opiaceo, opiaceos,
    calmante fuerte, narcotico, codeina, hidrocodona, oxicodona, morfina, metadona, fentanilo, heroina
    """
)
MEDICINES = _names(
    """
    naltrexone, naloxone, nalmefene, samidorphan, Narcan, Revia, Vivitrol, Contrave, Mysimba, Lybalvi,
    methylnaltrexone, Relistor, Movantik, Symproic, loperamide, Imodium, dextromethorphan, Delsym, Mucinex,
    Robitussin, suzetrigine, Journavx, acetaminophen, paracetamol, Tylenol, ibuprofen, Advil, Motrin, naproxen, Aleve,
    aspirin, diclofenac, celecoxib, Celebrex, meloxicam, ketamine, lidocaine, gabapentin, Neurontin, pregabalin,
    Lyrica, duloxetine, Cymbalta, milnacipran, Savella, Tonmya, cyclobenzaprine, Flexeril, carisoprodol, Soma,
    baclofen, tizanidine, amitriptyline, nortriptyline, sertraline, Zoloft, fluoxetine, Prozac, citalopram, Celexa,
    escitalopram, Lexapro, paroxetine, Paxil, venlafaxine, Effexor, bupropion, Wellbutrin, trazodone, mirtazapine,
    lithium, lamotrigine, Lamictal, topiramate, diazepam, Valium, lorazepam, Ativan, alprazolam, Xanax, clonazepam,
    Klonopin, clonidine, zolpidem, Ambien, hydroxyzine, hydralazine, buspirone, propranolol, metoprolol, lisinopril,
    losartan, amlodipine, warfarin, Coumadin, Eliquis, Xarelto, metformin, insulin, semaglutide, Ozempic, Wegovy,
    prednisone, prednisolone, methylprednisolone, dexamethasone, hydrocortisone, cortisone, budesonide, methotrexate,
    hydroxychloroquine, Plaquenil, chloroquine, sulfasalazine, leflunomide, Arava, azathioprine, Imuran,
    mycophenolate, CellCept, cyclophosphamide, Cytoxan, cyclosporine, tacrolimus, acitretin, isotretinoin, mesalamine,
    mesalazine, Lialda, Asacol, Humira, adalimumab, Enbrel, etanercept, Remicade, infliximab, Simponi, golimumab,
    Cimzia, certolizumab, Orencia, abatacept, Actemra, tocilizumab, Rituxan, rituximab, Xeljanz, tofacitinib, Rinvoq,
    upadacitinib, Olumiant, baricitinib, Stelara, ustekinumab, Entyvio, vedolizumab, Skyrizi, risankizumab, Omvoh,
    Tremfya, guselkumab, Cosentyx, secukinumab, Taltz, ixekizumab, Bimzelx, Otezla, apremilast, Sotyktu,
    deucravacitinib, Icotyde, Vtama, Zoryve, Zeposia, Velsipity, Benlysta, belimumab, Saphnelo, Lupkynis, Ofev,
    nintedanib, Restasis, Salagen, Evoxac, pilocarpine, Ocrevus, Kesimpta, Tysabri, Copaxone, Tecfidera, Ampyra,
    levothyroxine, Synthroid, Levoxyl, liothyronine, Cytomel, Armour, methimazole, Tapazole, propylthiouracil,
    Tepezza, iodine, biotin, folic acid, turmeric, curcumin, cannabis, cannabidiol, marijuana, penicillin,
    amoxicillin, ivermectin, colchicine, allopurinol, estradiol, testosterone, Botox, botulinum
    """
)
CONDITIONS = _names(
    """
    cancer, canker sore, cold sore, leukemia, lymphoma, melanoma, diabetes, asthma, pneumonia, bronchitis, epilepsy,
    migraine, dementia, Alzheimer, Parkinson, autism, depression, anxiety, bipolar, schizophrenia, psychosis,
    insomnia, narcolepsy, anemia, hepatitis, cirrhosis, pancreatitis, appendicitis, gastritis, diverticulitis,
    colitis, Crohn, celiac, endometriosis, eczema, dermatitis, psoriasis, rosacea, shingles, vitiligo, alopecia,
    lupus, scleroderma, Sjogren, Raynaud, arthritis, gout, osteoporosis, fibromyalgia, sciatica, neuropathy,
    neuralgia, sarcoidosis, vasculitis, myositis, myasthenia, multiple sclerosis, Hashimoto, Graves, hypothyroidism,
    hyperthyroidism, goiter, Addison, Cushing, Lyme, COVID, influenza, HIV, malaria, tuberculosis, measles, plague,
    stroke, angina, hypertension, hypotension, pregnancy, miscarriage, menopause, addiction, alcoholism, withdrawal,
    glaucoma, cataract, uveitis, tinnitus, vertigo
    """
)
BODY_PARTS = _names(
    """
    head, brain, skull, scalp, face, eye, ear, nose, mouth, tongue, tooth, teeth, throat, neck, shoulder, arm, elbow,
    wrist, hand, finger, thumb, chest, breast, heart, lung, rib, back, spine, abdomen, belly, stomach, liver, kidney,
    bladder, bowel, colon, rectum, pancreas, spleen, gallbladder, prostate, uterus, ovary, vagina, penis, hip, groin,
    thigh, knee, leg, calf, ankle, foot, feet, heel, toe, skin, nail, hair, muscle, tendon, ligament, joint, bone,
    marrow, nerve, blood, vein, artery, thyroid, gland
    """
)
# What patients say, and the word that pages use for it
IN_PLAIN_ENGLISH = {
    "hurt": "pain",
    "hurting": "pain",
    "painful": "pain",
    "tired": "tiredness",
    "forgot": "missed",
    "exhausted": "tiredness",
    "exhaustion": "tiredness",
    "fatigue": "tiredness",
    "fatigued": "tiredness",
}
# Words in which somebody with little English asks; whole phrases are other names of the pages.
IN_SPANISH = {
    "articulacion": "joint",
    "articulaciones": "joint",
    "boca": "mouth",
    "cansada": "tiredness",
    "cansado": "tiredness",
    "cansancio": "tiredness",
    "cita": "appointment",
    "citas": "appointment",
    "consulta": "consultation",
    "consultas": "consultation",
    "costo": "cost",
    "cuerpo": "body",
    "cuesta": "cost",
    "cuestan": "cost",
    "dolor": "pain",
    "dolores": "pain",
    "dosis": "dose",
    "embarazo": "pregnancy",
    "espalda": "back",
    "fatiga": "tiredness",
    "huesos": "bone",
    "inflamacion": "inflammation",
    "intestino": "bowel",
    "mano": "hand",
    "manos": "hand",
    "medicamento": "medicine",
    "medicamentos": "medicine",
    "medicina": "medicine",
    "medicinas": "medicine",
    "ojo": "eye",
    "ojos": "eye",
    "pastilla": "medicine",
    "pastillas": "medicine",
    "piel": "skin",
    "pierna": "leg",
    "piernas": "leg",
    "precio": "cost",
    "seca": "dry",
    "seco": "dry",
    "sueno": "sleep",
    "tiroides": "thyroid",
    "tratamiento": "treatment",
    "tratamientos": "treatment",
}
IN_MEDICAL_WORDS = {words_of(typed)[0]: words_of(used)[0] for typed, used in (IN_PLAIN_ENGLISH | IN_SPANISH).items()}
# Spellings that are further from the word than a slip of the finger, or are the beginning of another word
MISSPELT = {
    "chron": "crohn",
    "chrohn": "crohn",
    "crone": "crohn",
    "showgren": "sjogren",
    "shogren": "sjogren",
    "soriasis": "psoriasis",
    "siatica": "sciatica",
}
MEANINGFUL = frozenset(
    word for names in (OPIOIDS, MEDICINES, CONDITIONS, BODY_PARTS) for name in names for word in name
)
